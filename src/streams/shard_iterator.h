// Shard iterators: tokens that say where in a shard to read on. They carry all that is needed, so
// the server keeps nothing for them and they outlive a restart; a signature binds them to one
// stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "engine/engine.h"

namespace millrace::streams {

struct ShardIterator {
  std::string stream_arn;
  engine::PartitionId partition = 0;
  engine::LogPosition shard_first = 0;  // with the partition, names the shard
  engine::LogPosition position = 0;     // of the next record to read, at or above
  int64_t issued_milliseconds = 0;
  uint64_t reader = 0;  // the same in all that follow from one GetShardIterator
};

// `secret` is the server's own key for iterators.
[[nodiscard]] std::string write_shard_iterator(const ShardIterator& iterator, ByteView secret);
// nullopt for anything that was not written with the same secret, or was changed since.
[[nodiscard]] std::optional<ShardIterator> read_shard_iterator(std::string_view token,
                                                               ByteView secret);

}  // namespace millrace::streams
