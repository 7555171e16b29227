#include "ops/table_split.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::ops {
namespace {

Status check_split(const catalog::Table& table, const std::vector<size_t>& numbers) {
  if (table.partitions.size() + numbers.size() > kPartitionsMax) {
    return Error{
        ErrorCode::kLimitExceededException,
        fmt::format("Table {} would have more than {} partitions", table.name, kPartitionsMax)};
  }
  const bool too_small = std::any_of(numbers.begin(), numbers.end(), [&](size_t number) {
    return table.last_hash_of(number) == table.partitions[number].first_hash;
  });
  return too_small ? Status(validation_error("The partition is too small to be split"))
                   : Status(Done{});
}

// The table's stream, to be changed; nullptr unless it is enabled.
std::shared_ptr<catalog::Stream> open_stream(const catalog::Table& table) {
  return table.stream_enabled() ? std::make_shared<catalog::Stream>(*table.latest_stream) : nullptr;
}

void adopt_stream(std::shared_ptr<const catalog::Stream> stream, catalog::Table& table,
                  catalog::Change& change) {
  table.latest_stream = std::move(stream);
  change.streams.push_back(table.latest_stream);
}

ShardSplit split_shard(Database& database, const LaneBatch& batch,
                       const std::vector<engine::PartitionId>& halves, catalog::Stream& stream) {
  ShardSplit split;
  const catalog::Shard* parent =
      streams::replace_shard(stream, {batch.partition(), batch.next_position()}, halves,
                             batch.now_milliseconds(), database.random);
  split.parent_id = parent->id;
  for (const catalog::Shard& shard : stream.shards) {
    if (shard.parent_id == split.parent_id) split.child_ids.push_back(shard.id);
  }
  return split;
}

}  // namespace

Result<std::vector<ShardSplit>> split_partitions(Database& database, LaneBatches batches,
                                                 const std::vector<size_t>& numbers,
                                                 catalog::Table& table, catalog::Change& change) {
  TRY(check_split(table, numbers));
  const auto stream = open_stream(table);
  std::vector<ShardSplit> splits;
  std::vector<catalog::Partition> partitions;
  for (size_t number = 0; number < batches.size(); ++number) {
    if (!std::binary_search(numbers.begin(), numbers.end(), number)) {
      partitions.push_back(table.partitions[number]);
      continue;
    }
    LaneBatch& batch = *batches[number];
    const auto low = database.catalog.new_partition_id();
    const auto high = database.catalog.new_partition_id();
    batch.split_partition(low, high);
    for (const SplitHalf& half : batch.split_halves()) partitions.push_back(half.partition);
    if (stream) splits.push_back(split_shard(database, batch, {low, high}, *stream));
  }
  table.partitions = std::move(partitions);
  if (stream) adopt_stream(stream, table, change);
  return splits;
}

void roll_shards(Database& database, LaneBatches batches, int64_t created_before_milliseconds,
                 catalog::Table& table, catalog::Change& change) {
  const auto stream = open_stream(table);
  if (!stream) return;
  for (const LaneBatch* batch : batches) {
    const engine::PartitionId partition = batch->partition();
    const bool is_due =
        std::any_of(stream->shards.begin(), stream->shards.end(), [&](const auto& shard) {
          return shard.partition == partition && !shard.last &&
                 shard.created_milliseconds < created_before_milliseconds;
        });
    if (!is_due) continue;
    streams::replace_shard(*stream, {partition, batch->next_position()}, {partition},
                           batch->now_milliseconds(), database.random);
  }
  adopt_stream(stream, table, change);
}

}  // namespace millrace::ops
