#include "ops/table_change.h"

namespace millrace::ops {

Status TableChange::evaluate(LaneBatches batches) {
  auto table = std::make_shared<catalog::Table>(batches.front()->table());
  catalog::Change change;
  TRY(apply(batches, *table, change));
  table_ = table;
  change.tables.push_back(table_);
  batches.front()->change_catalog(std::move(change));
  return Done{};
}

void TableChange::complete(Status status) {
  if (!status.ok()) return reply_(std::move(status).error());
  reply_(response(*table_));
}

std::vector<streams::LogEnd> log_ends(LaneBatches batches) {
  std::vector<streams::LogEnd> ends;
  for (const LaneBatch* batch : batches) {
    ends.push_back({batch->partition(), batch->next_position()});
  }
  return ends;
}

void drop_index(LaneBatches batches, uint32_t index_number, engine::PartitionId index_partition) {
  for (LaneBatch* batch : batches) batch->drop_index(index_number);
  batches.front()->commit_also({index_partition, {engine::EraseAll{}}, {}});
}

}  // namespace millrace::ops
