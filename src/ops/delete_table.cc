#include "ops/delete_table.h"

#include "ops/stream_retention.h"
#include "ops/table_change.h"
#include "ops/table_description.h"
#include "ops/table_request.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

// Of the items, of the entries of global indexes, and of the times of TTL.
std::vector<engine::PartitionId> partitions_without_lane(const catalog::Table& table) {
  std::vector<engine::PartitionId> partitions = {table.items_partition};
  for (const catalog::Index& index : table.indexes) {
    if (index.global) partitions.push_back(index.partition);
  }
  if (table.time_to_live) partitions.push_back(table.time_to_live->partition);
  return partitions;
}

// Writes before it are done, writes after it find no table. The logs stay, because the table's
// streams can be read for as long as they are retained.
class TableDeletion final : public TableWrite {
 public:
  TableDeletion(Database& database, const catalog::Table& table, Reply reply)
      : TableWrite(database, table), database_(database), reply_(std::move(reply)) {}

  Status evaluate(LaneBatches batches) override {
    LaneBatch& first = *batches.front();
    if (first.table().deletion_protection) {
      return validation_error(
          "Resource cannot be deleted as it is currently protected against deletion. Disable "
          "deletion protection first.");
    }
    table_ = std::make_shared<const catalog::Table>(first.table());
    catalog::Change change;
    change.dropped_tables.push_back(table_->name);
    end_streams(batches, change);
    for (LaneBatch* batch : batches) batch->drop_partition();
    for (const engine::PartitionId partition : partitions_without_lane(*table_)) {
      first.commit_also({partition, {engine::EraseAll{}}, {}});
    }
    first.change_catalog(std::move(change));
    return Done{};
  }

  void complete(Status status) override {
    if (!status.ok()) return reply_(std::move(status).error());
    database_.lanes.remove_all(table_->id);
    reply_(table_response("TableDescription", database_.catalog.site(), *table_, {}, "DELETING"));
  }

 private:
  // They stay, without policies: those go with the table.
  void end_streams(LaneBatches batches, catalog::Change& change) const {
    if (table_->stream_enabled()) {
      auto ended = std::make_shared<catalog::Stream>(streams::end_stream(
          *table_->latest_stream, log_ends(batches), batches.front()->now_milliseconds()));
      ended->resource_policy = nullptr;
      change.streams.push_back(std::move(ended));
    }
    for (const catalog::StreamPointer& stream : streams_of(database_.catalog, *table_)) {
      if (stream->enabled || !stream->resource_policy) continue;
      auto without_policy = std::make_shared<catalog::Stream>(*stream);
      without_policy->resource_policy = nullptr;
      change.streams.push_back(std::move(without_policy));
    }
  }

  Database& database_;
  const Reply reply_;
  catalog::TablePointer table_;
};

}  // namespace

void delete_table(const Call& call, Reply reply) {
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  call.database.joint_writes.submit(
      std::make_unique<TableDeletion>(call.database, **table, std::move(reply)));
}

}  // namespace millrace::ops
