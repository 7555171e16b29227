#pragma once

#include <mutex>

#include "cli/stream/record_format.h"
#include "cli/stream/record_sink.h"

namespace millrace::cli::stream {

struct OutputOptions {
  std::string stream_arn;
  RecordFormat format = RecordFormat::kJson;
  bool is_coloured = false;
};

// Writes each batch at once to a file, a pipe or a terminal.
class RecordOutput final : public RecordSink {
 public:
  // The descriptor stays the caller's. SIGPIPE must be ignored.
  RecordOutput(int descriptor, OutputOptions options)
      : descriptor_(descriptor), options_(std::move(options)) {}

  Status write(std::string_view shard_id, const std::vector<json::Object>& records) override;
  [[nodiscard]] bool is_closed() override;

 private:
  const int descriptor_;
  const OutputOptions options_;
  std::mutex mutex_;  // keeps batches apart
};

}  // namespace millrace::cli::stream
