#include "jobs/partition_split.h"

#include <algorithm>
#include <limits>

#include "base/log.h"
#include "jobs/lane_call.h"
#include "ops/table_split.h"

namespace millrace::jobs {
namespace {

constexpr std::chrono::seconds kPause{1};
// A rate must last so long: a shorter burst is over when the halves could help with it.
constexpr int kFastSecondsMin = 10;

}  // namespace

Result<Pause> PartitionSplits::step() {
  const auto now = std::chrono::steady_clock::now();
  const double seconds =
      looked_at_ ? std::chrono::duration<double>(now - *looked_at_).count() : 0.0;
  // A change of the catalog wakes this too early for a measure.
  if (looked_at_ && now - *looked_at_ < kPause / 2) return Pause(kPause);
  looked_at_ = now;
  std::unordered_map<engine::PartitionId, Load> loads;
  for (const std::string& name :
       database_.catalog.table_names("", std::numeric_limits<size_t>::max())) {
    const auto table = database_.catalog.find_table(name);
    if (!table) continue;
    std::vector<engine::PartitionId> due;
    for (const catalog::Partition& partition : table->partitions) {
      const auto lane = database_.lanes.find(partition.id);
      if (!lane) continue;
      Load load = loads_[partition.id];
      if (is_due(*lane, load, seconds)) due.push_back(partition.id);
      loads[partition.id] = load;
    }
    if (!due.empty()) TRY(split(*table, due));
  }
  loads_ = std::move(loads);
  return loads_.empty() ? Pause() : Pause(kPause);
}

bool PartitionSplits::is_due(const ops::Lane& lane, Load& load, double seconds) const {
  const auto& settings = database_.stream_settings;
  const uint64_t written_items = lane.written_items();
  const double written = static_cast<double>(written_items - load.written_items);
  const bool fast =
      seconds > 0 && written > static_cast<double>(settings.split_writes_per_second) * seconds;
  load.fast_seconds = fast ? load.fast_seconds + 1 : 0;
  load.written_items = written_items;
  return load.fast_seconds >= kFastSecondsMin ||
         lane.statistics().items.item_bytes > settings.split_size_bytes;
}

// A table that cannot be split further is left as it is.
Status PartitionSplits::split(const catalog::Table& table,
                              const std::vector<engine::PartitionId>& partitions) {
  auto apply = [&](ops::LaneBatches batches, catalog::Table& changed,
                   catalog::Change& change) -> Status {
    std::vector<size_t> numbers;
    for (size_t number = 0; number < batches.size(); ++number) {
      const auto id = batches[number]->partition();
      const bool is_due = std::find(partitions.begin(), partitions.end(), id) != partitions.end();
      const bool has_one_hash =
          changed.last_hash_of(number) == changed.partitions[number].first_hash;
      const bool is_full = changed.partitions.size() + numbers.size() >= ops::kPartitionsMax;
      if (is_due && !has_one_hash && !is_full) numbers.push_back(number);
    }
    TRY(ops::split_partitions(database_, batches, numbers, changed, change));
    return Done{};
  };
  const bool full = table.partitions.size() >= ops::kPartitionsMax;
  if (full) return Done{};
  log::info("splitting partitions",
            {{"table", table.name}, {"partitions", std::to_string(partitions.size())}});
  return tolerate_deletion(change_table(database_, table, apply));
}

}  // namespace millrace::jobs
