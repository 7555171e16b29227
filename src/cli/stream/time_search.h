#pragma once

#include "cli/stream/shard_calls.h"
#include "cli/stream/stream_description.h"

namespace millrace::cli::stream {

// A position in the shard that has every record of that time or later after it, close before the
// first of them: found by halving, for sequence numbers that are positions as Millrace's are; of
// others, the trim horizon. Records are taken to come in the order of their times, which a clock
// that was set back may belie for as long as it was set back.
[[nodiscard]] Result<Position> find_time(ShardCalls& calls, const ShardDescription& shard,
                                         int64_t seconds);

}  // namespace millrace::cli::stream
