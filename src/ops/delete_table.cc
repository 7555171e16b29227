#include "ops/delete_table.h"

#include "ops/table_description.h"
#include "ops/table_request.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

// Runs in the table's lane: writes before it are done, writes after it find no table. The log
// stays, because the table's streams can be read for as long as they are retained.
class TableDeletion final : public LaneWrite {
 public:
  TableDeletion(Database& database, Reply reply) : database_(database), reply_(std::move(reply)) {}

  Status evaluate(LaneBatch& batch) override {
    if (batch.table().deletion_protection) {
      return validation_error(
          "Resource cannot be deleted as it is currently protected against deletion. Disable "
          "deletion protection first.");
    }
    table_ = std::make_shared<const catalog::Table>(batch.table());
    catalog::Change change;
    change.dropped_tables.push_back(table_->name);
    if (table_->stream_enabled()) {
      change.streams.push_back(std::make_shared<const catalog::Stream>(
          streams::end_stream(*table_->latest_stream, {{batch.partition(), batch.next_position()}},
                              batch.now_milliseconds())));
    }
    batch.drop_partition();
    batch.change_catalog(std::move(change));
    return Done{};
  }

  void complete(Status status) override {
    if (!status.ok()) return reply_(std::move(status).error());
    for (const catalog::Partition& partition : table_->partitions) {
      database_.lanes.remove(partition.id);
    }
    reply_(table_response("TableDescription", database_.catalog.site(), *table_, {}, "DELETING"));
  }

 private:
  Database& database_;
  const Reply reply_;
  catalog::TablePointer table_;
};

}  // namespace

void delete_table(const Call& call, Reply reply) {
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  auto lane = call.database.lanes.find((*table)->partitions.front().id);
  if (!lane) return reply(table_not_found((*table)->name));
  lane->submit(std::make_unique<TableDeletion>(call.database, std::move(reply)));
}

}  // namespace millrace::ops
