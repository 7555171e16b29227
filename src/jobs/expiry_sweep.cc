#include "jobs/expiry_sweep.h"

#include <limits>

#include "jobs/lane_call.h"
#include "ops/expiry_entry.h"
#include "ops/item_request.h"
#include "ops/item_write.h"

namespace millrace::jobs {
namespace {

constexpr size_t kItemsOfStep = 256;
// The service takes a time further back for a mistake and leaves the item alone.
constexpr uint64_t kAgeSecondsMax = 5ULL * 365 * 24 * 60 * 60;

struct ExpiredItem {
  Bytes storage_key;
  uint64_t expiry_seconds;
};

Result<std::vector<ExpiredItem>> find_expired(const ops::Database& database,
                                              const catalog::TimeToLive& time_to_live) {
  const auto now_seconds = static_cast<uint64_t>(database.clock.now_milliseconds() / 1000);
  const uint64_t first = now_seconds > kAgeSecondsMax ? now_seconds - kAgeSecondsMax : 0;
  std::vector<ExpiredItem> expired;
  TRY(database.engine.scan(
      time_to_live.partition, ops::expiry_range(first, now_seconds), engine::Direction::kForward,
      [&](ByteView key, ByteView) {
        const auto seconds = ByteReader(key).read_u64();
        expired.push_back({Bytes(ops::storage_key_of_expiry_entry(key)), seconds.value_or(0)});
        return expired.size() < kItemsOfStep;
      }));
  return expired;
}

// Unless the item has another time by now, or none.
Status delete_expired(ops::LaneBatch& batch, const ExpiredItem& expired, uint32_t number) {
  const auto& time_to_live = batch.table().time_to_live;
  if (!time_to_live || time_to_live->number != number) return Done{};
  const auto stored = TRY(batch.get_item(expired.storage_key));
  if (!stored || ops::expiry_seconds(*time_to_live, *stored) != expired.expiry_seconds) {
    return Done{};
  }
  const Item item = TRY(ops::decode_stored_item(*stored));
  const auto key = TRY(ops::key_from_item(batch.table().key_schema, item));
  auto decided = TRY(ops::decide_item(batch, key, [](const auto&) -> Result<std::optional<Bytes>> {
    return std::optional<Bytes>();
  }));
  (void)ops::change_item(batch, key, std::move(decided), {.is_service = true});
  return Done{};
}

Status delete_in_partition(const ops::Database& database, engine::PartitionId partition,
                           const std::vector<ExpiredItem>& items, uint32_t number) {
  auto lane = database.lanes.find(partition);
  if (!lane) return Done{};
  return call_in_lane(*lane, [&](ops::LaneBatch& batch) -> Status {
    for (const ExpiredItem& item : items) TRY(delete_expired(batch, item, number));
    return Done{};
  });
}

// Whether more may have expired.
Result<bool> sweep_table(const ops::Database& database, const catalog::Table& table) {
  const auto expired = TRY(find_expired(database, *table.time_to_live));
  std::map<engine::PartitionId, std::vector<ExpiredItem>> by_partition;
  for (const ExpiredItem& item : expired) {
    by_partition[table.partition_of(ops::hash_of_storage_key(item.storage_key)).id].push_back(item);
  }
  for (const auto& [partition, items] : by_partition) {
    auto deleted = delete_in_partition(database, partition, items, table.time_to_live->number);
    TRY(tolerate_deletion(std::move(deleted)));
  }
  return expired.size() == kItemsOfStep;
}

}  // namespace

Result<Pause> sweep_step(ops::Database& database, std::chrono::milliseconds pause) {
  Pause until_next;
  for (const std::string& name :
       database.catalog.table_names("", std::numeric_limits<size_t>::max())) {
    const auto table = database.catalog.find_table(name);
    if (!table || !table->time_to_live) continue;
    const bool more = TRY(sweep_table(database, *table));
    until_next = sooner(until_next, more ? kAtOnce : pause);
  }
  return until_next;
}

}  // namespace millrace::jobs
