#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/document.h"

namespace millrace::cli::stream {

// Takes the records that are read. Thread-safe.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // Records of a shard in their order. An error ends the tail, quietly when is_closed().
  virtual Status write(std::string_view shard_id, const std::vector<json::Object>& records) = 0;
  // Whether nobody takes them any more.
  [[nodiscard]] virtual bool is_closed() = 0;
};

}  // namespace millrace::cli::stream
