#include "jobs/shard_roll.h"

#include <limits>

#include "jobs/lane_call.h"
#include "ops/table_split.h"

namespace millrace::jobs {
namespace {

// Of the open shards of an enabled stream, the time at which the oldest was created.
int64_t oldest_open_milliseconds(const catalog::Stream& stream) {
  int64_t oldest = std::numeric_limits<int64_t>::max();
  for (const catalog::Shard& shard : stream.shards) {
    if (!shard.last) oldest = std::min(oldest, shard.created_milliseconds);
  }
  return oldest;
}

Status roll_table(ops::Database& database, const catalog::Table& table,
                  int64_t created_before_milliseconds) {
  auto rolled = change_table(
      database, table,
      [&](ops::LaneBatches batches, catalog::Table& changed, catalog::Change& change) -> Status {
        ops::roll_shards(database, batches, created_before_milliseconds, changed, change);
        return Done{};
      });
  return tolerate_deletion(std::move(rolled));
}

}  // namespace

Result<Pause> roll_step(ops::Database& database) {
  const int64_t age_max = database.stream_settings.shard_max_age_seconds * 1000;
  Pause pause;
  for (const std::string& name :
       database.catalog.table_names("", std::numeric_limits<size_t>::max())) {
    const auto table = database.catalog.find_table(name);
    if (!table || !table->stream_enabled()) continue;
    const int64_t now = database.clock.now_milliseconds();
    int64_t due = oldest_open_milliseconds(*table->latest_stream) + age_max;
    if (due <= now) {
      TRY(roll_table(database, *table, now - age_max + 1));
      due = now + age_max;
    }
    pause = sooner(pause, std::chrono::milliseconds(due - now));
  }
  return pause;
}

}  // namespace millrace::jobs
