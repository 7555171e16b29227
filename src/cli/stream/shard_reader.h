#pragma once

#include <optional>

#include "cli/stream/record_sink.h"
#include "cli/stream/shard_calls.h"
#include "cli/stream/shard_lineage.h"

namespace millrace::cli::stream {

// What the readers of a stream's shards have in common; all that it refers to outlives them.
struct Reading {
  const Connection& connection;
  const Clock& clock;
  const std::string stream_arn;
  const bool follows;  // an open shard is read until it is closed, else to its present end
  const std::chrono::milliseconds wait;  // of a long poll
  const StopSignal& stop;
  Warnings& warnings;
  const Patience patience;
  RecordSink& sink;
};

// Reads one shard to its end, over a connection of its own. For one thread. Holds at most a page of
// GetRecords.
class ShardReader {
 public:
  ShardReader(const Reading& reading, ShardStart start);

  // Returns early, with an error or without, when it is stopped.
  Status run();

 private:
  using Iterator = std::optional<std::string>;  // absent at the end of the shard

  Result<Iterator> open(Position position);
  // After an error of GetRecords.
  Result<Iterator> reopen(const Error& error);
  // Where to read on without an iterator.
  [[nodiscard]] Position resume_position() const;
  Status deliver(const std::vector<json::Object>& records);
  // Until it makes sense to look again at an open shard that had nothing.
  void rest(std::chrono::steady_clock::duration waited) const;

  const Reading& reading_;
  const ShardStart start_;
  ServiceClient client_;
  ShardCalls calls_;
  std::optional<int64_t> seconds_min_;  // records of before are left out
  int64_t read_seconds_ = 0;            // when the latest page was asked for
  std::string last_sequence_number_;
};

}  // namespace millrace::cli::stream
