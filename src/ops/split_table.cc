#include "ops/split_table.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/table_request.h"
#include "ops/table_split.h"

namespace millrace::ops {
namespace {

// The partition of an open shard of the table's stream, among the table's.
Result<size_t> partition_of_shard(const catalog::Table& table, std::string_view shard_id) {
  if (table.stream_enabled()) {
    for (const catalog::Shard& shard : table.latest_stream->shards) {
      if (shard.id != shard_id) continue;
      if (shard.last) return validation_error(fmt::format("Shard: {} is closed", shard_id));
      const auto& partitions = table.partitions;
      const auto found =
          std::find_if(partitions.begin(), partitions.end(),
                       [&](const auto& partition) { return partition.id == shard.partition; });
      return static_cast<size_t>(found - partitions.begin());
    }
  }
  return Error{ErrorCode::kResourceNotFoundException,
               fmt::format("Requested resource not found: Shard: {} in the stream of Table: {} not "
                           "found",
                           shard_id, table.name)};
}

class TableSplit final : public TableChange {
 public:
  TableSplit(Database& database, const catalog::Table& table, std::string shard_id, Reply reply)
      : TableChange(database, table, std::move(reply)),
        database_(database),
        shard_id_(std::move(shard_id)) {}

 private:
  Status apply(LaneBatches batches, catalog::Table& table, catalog::Change& change) override {
    std::vector<size_t> numbers(batches.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    if (!shard_id_.empty()) numbers = {TRY(partition_of_shard(table, shard_id_))};
    splits_ = TRY(split_partitions(database_, batches, numbers, table, change));
    return Done{};
  }

  std::string response(const catalog::Table& table) override {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.member("TableName", table.name);
    writer.member("PartitionCount", static_cast<int64_t>(table.partitions.size()));
    writer.key("Splits");
    writer.begin_array();
    for (const ShardSplit& split : splits_) {
      writer.begin_object();
      writer.member("ParentShardId", split.parent_id);
      writer.key("ChildShardIds");
      writer.begin_array();
      for (const std::string& id : split.child_ids) writer.string(id);
      writer.end_array();
      writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return out;
  }

  Database& database_;
  const std::string shard_id_;
  std::vector<ShardSplit> splits_;
};

}  // namespace

void split_table(const Call& call, Reply reply) {
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  call.database.joint_writes.submit(std::make_unique<TableSplit>(
      call.database, **table, string_or_empty(call.input, "ShardId"), std::move(reply)));
}

}  // namespace millrace::ops
