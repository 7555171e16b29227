#include "ops/table_change.h"

#include "ops/table_request.h"

namespace millrace::ops {

Status TableChange::evaluate(LaneBatch& batch) {
  auto table = std::make_shared<catalog::Table>(batch.table());
  catalog::Change change;
  TRY(apply(batch, *table, change));
  table_ = table;
  change.tables.push_back(table_);
  batch.change_catalog(std::move(change));
  return Done{};
}

void TableChange::complete(Status status) {
  if (!status.ok()) return reply_(std::move(status).error());
  reply_(response(*table_));
}

void submit_table_change(const Database& database, const catalog::Table& table,
                         std::unique_ptr<TableChange> change) {
  auto lane = database.lanes.find(table.partitions.front().id);
  if (!lane) return change->complete(table_not_found(table.name));
  lane->submit(std::move(change));
}

}  // namespace millrace::ops
