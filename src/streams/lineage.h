// How a stream and its shards begin and end.
//
// A shard ends when it is rolled over, for its age, when its partition splits, and when the stream
// ends. The first two leave children, which name it as their parent.
#pragma once

#include "base/random.h"
#include "catalog/table.h"

namespace millrace::streams {

// What a partition's log looks like when a shard of it begins or ends.
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

// Closes the partition's open shard and opens a child of it on each of `children`: on the partition
// itself when it is rolled over, on the halves when it splits. nullptr when it has no open shard.
// The shard that was closed otherwise, until the stream changes.
const catalog::Shard* replace_shard(catalog::Stream& stream, const LogEnd& log_end,
                                    const std::vector<engine::PartitionId>& children,
                                    int64_t now_milliseconds, Random& random);

// The position the partition's next record takes: above the log's end and above every shard's
// last, which for a shard without records is a position that was never written.
[[nodiscard]] engine::LogPosition next_position(const catalog::Stream* latest_stream,
                                                engine::PartitionId partition,
                                                engine::LogPosition log_next);

}  // namespace millrace::streams
