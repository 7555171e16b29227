// How long records, shards and streams stay, and where in a log a time is. A shard is over when all
// its records are too old, a stream when it was disabled so long ago. A parent may be over before
// its children.
#pragma once

#include "base/result.h"
#include "catalog/table.h"
#include "streams/settings.h"

namespace millrace::streams {

// Shows and sets a table's own retention.
inline constexpr const char* kRetentionTag = "millrace:stream-retention-hours";

// Of the tag kRetentionTag; 0 without it. ValidationException unless it is a positive integer of
// hours, at most 876000.
[[nodiscard]] Result<int64_t> retention_seconds_of(const catalog::Tags& tags);

[[nodiscard]] int64_t retention_milliseconds(const catalog::Stream& stream,
                                             const StreamSettings& settings);

// `horizon_milliseconds`: now less the retention of the stream.
[[nodiscard]] bool is_over(const catalog::Stream& stream, int64_t horizon_milliseconds);
[[nodiscard]] bool is_over(const catalog::Shard& shard, int64_t horizon_milliseconds);

// The first position in `range` whose record was created at `milliseconds` or later, or
// `range.next` when there is none. A few reads, however many records there are: times in a
// partition's log do not fall.
[[nodiscard]] Result<engine::LogPosition> position_at_time(engine::Engine& engine,
                                                           engine::PartitionId partition,
                                                           const engine::LogRange& range,
                                                           int64_t milliseconds);

}  // namespace millrace::streams
