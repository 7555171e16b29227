#include "jobs/index_backfill.h"

#include <limits>

#include "jobs/lane_call.h"

namespace millrace::jobs {
namespace {

// Writes of others wait for a step, so it is short.
constexpr size_t kItemsOfStep = 256;

std::vector<uint32_t> numbers_to_backfill(const catalog::Table& table) {
  std::vector<uint32_t> numbers;
  for (const catalog::Index& index : table.indexes) {
    if (index.backfilling) numbers.push_back(index.number);
  }
  if (table.time_to_live && table.time_to_live->backfilling) {
    numbers.push_back(table.time_to_live->number);
  }
  return numbers;
}

// False when there is no such index any more.
bool mark_backfilled(catalog::Table& table, uint32_t number) {
  for (catalog::Index& index : table.indexes) {
    if (index.number != number) continue;
    index.backfilling = false;
    return true;
  }
  if (!table.time_to_live || table.time_to_live->number != number) return false;
  table.time_to_live->backfilling = false;
  return true;
}

// Whether the whole partition has its entries now. A lane that is gone has no items.
Result<bool> backfill_partition(const ops::Database& database, engine::PartitionId partition,
                                uint32_t number) {
  auto lane = database.lanes.find(partition);
  if (!lane) return true;
  bool finished = false;
  TRY(call_in_lane(*lane, [&](ops::LaneBatch& batch) -> Status {
    finished = TRY(batch.backfill(number, kItemsOfStep));
    return Done{};
  }));
  return finished;
}

// Unless a partition has split meanwhile, whose halves are then looked at again.
Status finish(ops::Database& database, const catalog::Table& looked_at, uint32_t number) {
  auto apply = [&](ops::LaneBatches batches, catalog::Table& table, catalog::Change&) -> Status {
    const bool as_looked_at = table.partitions.size() == looked_at.partitions.size();
    if (!as_looked_at || !mark_backfilled(table, number)) return Done{};
    for (ops::LaneBatch* batch : batches) batch->finish_backfill(number);
    return Done{};
  };
  return change_table(database, looked_at, apply);
}

Status backfill_table(ops::Database& database, const catalog::Table& table, uint32_t number) {
  bool finished = true;
  for (const catalog::Partition& partition : table.partitions) {
    finished = TRY(backfill_partition(database, partition.id, number)) && finished;
  }
  return finished ? finish(database, table, number) : Done{};
}

}  // namespace

Result<Pause> backfill_step(ops::Database& database) {
  Pause pause;
  for (const std::string& name :
       database.catalog.table_names("", std::numeric_limits<size_t>::max())) {
    const auto table = database.catalog.find_table(name);
    if (!table) continue;
    for (const uint32_t number : numbers_to_backfill(*table)) {
      TRY(tolerate_deletion(backfill_table(database, *table, number)));
      pause = kAtOnce;
    }
  }
  return pause;
}

}  // namespace millrace::jobs
