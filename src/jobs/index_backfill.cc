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

Status finish(const ops::Database& database, const catalog::Table& table, uint32_t number) {
  auto lane = database.lanes.find(table.partitions.front().id);
  if (!lane) return Done{};
  return call_in_lane(*lane, [number](ops::LaneBatch& batch) -> Status {
    auto changed = std::make_shared<catalog::Table>(batch.table());
    if (!mark_backfilled(*changed, number)) return Done{};
    batch.finish_backfill(number);
    catalog::Change change;
    change.tables.push_back(std::move(changed));
    batch.change_catalog(std::move(change));
    return Done{};
  });
}

// A table that was deleted meanwhile is no failure.
Status tolerate_deletion(Status status) {
  if (!status.ok() && status.error().code == ErrorCode::kResourceNotFoundException) return Done{};
  return status;
}

Status backfill_table(const ops::Database& database, const catalog::Table& table, uint32_t number) {
  bool finished = true;
  for (const catalog::Partition& partition : table.partitions) {
    finished = TRY(backfill_partition(database, partition.id, number)) && finished;
  }
  return finished ? finish(database, table, number) : Done{};
}

}  // namespace

Result<Step> backfill_step(ops::Database& database) {
  Step step = Step::kNothing;
  for (const std::string& name :
       database.catalog.table_names("", std::numeric_limits<size_t>::max())) {
    const auto table = database.catalog.find_table(name);
    if (!table) continue;
    for (const uint32_t number : numbers_to_backfill(*table)) {
      TRY(tolerate_deletion(backfill_table(database, *table, number)));
      step = Step::kMore;
    }
  }
  return step;
}

}  // namespace millrace::jobs
