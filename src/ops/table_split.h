// What makes the partitions of a table, and the shards of its stream, follow one another: splits
// and roll-overs. Both are changes of the table (table_change.h).
#pragma once

#include "ops/database.h"
#include "ops/table_change.h"

namespace millrace::ops {

inline constexpr size_t kPartitionsMax = 1024;

// The shards that a split closed and opened; none when the table's stream is disabled.
struct ShardSplit {
  std::string parent_id;
  std::vector<std::string> child_ids;
};

// Splits the partitions with these numbers, in rising order, each at the middle of its hashes.
// LimitExceededException when the table would have more than kPartitionsMax, ValidationException
// for a partition of a single hash.
[[nodiscard]] Result<std::vector<ShardSplit>> split_partitions(Database& database,
                                                               LaneBatches batches,
                                                               const std::vector<size_t>& numbers,
                                                               catalog::Table& table,
                                                               catalog::Change& change);

// Rolls the open shards over that were created before a time.
void roll_shards(Database& database, LaneBatches batches, int64_t created_before_milliseconds,
                 catalog::Table& table, catalog::Change& change);

}  // namespace millrace::ops
