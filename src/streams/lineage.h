// How a stream and its shards begin and end.
#pragma once

#include "base/random.h"
#include "catalog/table.h"

namespace millrace::streams {

// What a partition's log looks like when a stream of its table begins or ends.
struct LogEnd {
  engine::PartitionId partition;
  engine::LogPosition next;  // position of the next record
};

// A stream with one open shard per partition, which begins at the partition's next position.
// `previous` is the latest stream the table name had, if any: its label stays below the new one's.
[[nodiscard]] catalog::Stream begin_stream(const catalog::Table& table,
                                           catalog::StreamViewType view_type,
                                           const std::vector<LogEnd>& log_ends,
                                           const catalog::Stream* previous,
                                           int64_t now_milliseconds, Random& random);

// The same stream, disabled, all its shards closed at the ends of their logs.
[[nodiscard]] catalog::Stream end_stream(const catalog::Stream& stream,
                                         const std::vector<LogEnd>& log_ends,
                                         int64_t now_milliseconds);

// The position the partition's next record takes: above the log's end and above every shard's
// last, which for a shard without records is a position that was never written.
[[nodiscard]] engine::LogPosition next_position(const catalog::Stream* latest_stream,
                                                engine::PartitionId partition,
                                                engine::LogPosition log_next);

}  // namespace millrace::streams
