#include "jobs/retention.h"

#include <algorithm>
#include <future>
#include <limits>
#include <map>
#include <set>

#include "jobs/lane_call.h"
#include "ops/stream_retention.h"
#include "streams/retention.h"

namespace millrace::jobs {
namespace {

using engine::LogPosition;
using engine::LogRange;
using engine::PartitionId;
using Streams = std::vector<catalog::StreamPointer>;

constexpr int64_t kSweepsPerRetention = 20;
constexpr int64_t kPauseMillisecondsMin = 200;
constexpr int64_t kPauseMillisecondsMax = 60'000;

Streams all_streams(const catalog::Catalog& catalog) {
  return catalog.list_streams("", "", "", std::numeric_limits<size_t>::max()).streams;
}

// Records that were created before it are too old.
int64_t horizon_of(const ops::Database& database, const catalog::Stream& stream) {
  return database.clock.now_milliseconds() -
         streams::retention_milliseconds(stream, database.stream_settings);
}

// --- records ---

Result<std::map<PartitionId, LogRange>> logs_of(ops::Database& database, const Streams& streams) {
  std::map<PartitionId, LogRange> logs;
  for (const auto& stream : streams) {
    for (const catalog::Shard& shard : stream->shards) {
      if (logs.contains(shard.partition)) continue;
      logs.emplace(shard.partition, TRY(database.engine.log_range(shard.partition)));
    }
  }
  return logs;
}

// What is kept of one partition's log.
struct Kept {
  LogRange log;
  LogPosition from;                              // log.next: nothing is kept
  std::map<int64_t, LogPosition> horizons = {};  // by their time
};

Status keep_for_shard(ops::Database& database, const catalog::Shard& shard, int64_t horizon,
                      Kept& kept) {
  if (streams::is_over(shard, horizon)) return Done{};
  auto found = kept.horizons.find(horizon);
  if (found == kept.horizons.end()) {
    const auto position =
        TRY(streams::position_at_time(database.engine, shard.partition, kept.log, horizon));
    found = kept.horizons.emplace(horizon, position).first;
  }
  const LogPosition from = std::max(shard.first, found->second);
  if (!shard.last || from <= *shard.last) kept.from = std::min(kept.from, from);
  return Done{};
}

Status trim_logs(ops::Database& database) {
  // The ends of the logs first: what a stream that is enabled meanwhile has lies above them.
  const auto logs = TRY(logs_of(database, all_streams(database.catalog)));
  std::map<PartitionId, Kept> kept;
  for (const auto& [partition, log] : logs) kept.emplace(partition, Kept{log, log.next});
  for (const auto& stream : all_streams(database.catalog)) {
    const int64_t horizon = horizon_of(database, *stream);
    for (const catalog::Shard& shard : stream->shards) {
      const auto found = kept.find(shard.partition);
      if (found == kept.end()) continue;
      TRY(keep_for_shard(database, shard, horizon, found->second));
    }
  }
  for (const auto& [partition, one] : kept) {
    if (one.from > one.log.first) TRY(database.engine.trim_log(partition, one.from));
  }
  return Done{};
}

// --- shards and streams ---

// What becomes of a stream. Neither: it stays as it is.
struct Remains {
  bool dropped = false;
  catalog::StreamPointer shorter;  // without the shards that are over
};

Remains remains_of(const catalog::Stream& stream, int64_t horizon) {
  if (streams::is_over(stream, horizon)) return {.dropped = true, .shorter = nullptr};
  auto shorter = std::make_shared<catalog::Stream>(stream);
  const auto removed = std::erase_if(shorter->shards, [&](const catalog::Shard& shard) {
    return streams::is_over(shard, horizon);
  });
  return {.dropped = false, .shorter = removed > 0 ? std::move(shorter) : nullptr};
}

bool has_anything_over(const catalog::Stream& stream, int64_t horizon) {
  return streams::is_over(stream, horizon) ||
         std::any_of(stream.shards.begin(), stream.shards.end(),
                     [&](const auto& shard) { return streams::is_over(shard, horizon); });
}

void add_to(catalog::Change& change, const catalog::StreamPointer& stream, Remains remains) {
  if (remains.dropped) change.dropped_streams.push_back(stream);
  if (remains.shorter) change.streams.push_back(std::move(remains.shorter));
}

// In the lanes of the table, where its streams change.
Status shorten_streams_of_table(ops::Database& database, const catalog::Table& table) {
  auto shortened =
      change_table(database, table,
                   [&](ops::LaneBatches /*batches*/, catalog::Table& changed,
                       catalog::Change& change) -> Status {
                     for (const auto& stream : ops::streams_of(database.catalog, changed)) {
                       Remains remains = remains_of(*stream, horizon_of(database, *stream));
                       if (changed.latest_stream && changed.latest_stream->label == stream->label) {
                         if (remains.dropped) changed.latest_stream = nullptr;
                         if (remains.shorter) changed.latest_stream = remains.shorter;
                       }
                       add_to(change, stream, std::move(remains));
                     }
                     return Done{};
                   });
  return tolerate_deletion(std::move(shortened));
}

// Of tables that are gone: nobody else changes them.
Status shorten_orphans(ops::Database& database, const Streams& orphans) {
  catalog::Change change;
  for (const auto& stream : orphans) {
    add_to(change, stream, remains_of(*stream, horizon_of(database, *stream)));
  }
  std::vector<engine::PartitionCommit> commit;
  commit.push_back(database.catalog.commit_of(change));
  std::promise<Status> done;
  auto committed = done.get_future();
  database.engine.commit(std::move(commit),
                         [&](Status status) { done.set_value(std::move(status)); });
  TRY(committed.get());
  database.catalog.publish(change);
  return Done{};
}

Status remove_shards_and_streams(ops::Database& database, const Streams& ending) {
  std::map<std::string, catalog::TablePointer> tables;  // by name
  Streams orphans;
  for (const auto& stream : ending) {
    const auto table = database.catalog.find_table(stream->table_name);
    if (table && table->id == stream->table_id) {
      tables.emplace(table->name, table);
    } else {
      orphans.push_back(stream);
    }
  }
  for (const auto& [name, table] : tables) TRY(shorten_streams_of_table(database, *table));
  return orphans.empty() ? Status(Done{}) : shorten_orphans(database, orphans);
}

// --- what is left of partitions ---

void add_partitions_in_use(const catalog::Table& table, std::set<PartitionId>& in_use) {
  in_use.insert(table.items_partition);
  for (const catalog::Partition& partition : table.partitions) in_use.insert(partition.id);
  for (const catalog::Index& index : table.indexes) in_use.insert(index.partition);
  if (table.time_to_live) in_use.insert(table.time_to_live->partition);
}

std::set<PartitionId> partitions_in_use(const catalog::Catalog& catalog) {
  std::set<PartitionId> in_use;
  for (const std::string& name : catalog.table_names("", std::numeric_limits<size_t>::max())) {
    if (const auto table = catalog.find_table(name)) add_partitions_in_use(*table, in_use);
  }
  for (const auto& stream : all_streams(catalog)) {
    for (const catalog::Shard& shard : stream->shards) in_use.insert(shard.partition);
  }
  return in_use;
}

// Of `streams` as they were, the partitions that neither a stream nor a table has any more. None of
// them is ever used again.
Status drop_unused_partitions(ops::Database& database, const Streams& streams) {
  const auto in_use = partitions_in_use(database.catalog);
  std::set<PartitionId> unused;
  for (const auto& stream : streams) {
    for (const catalog::Shard& shard : stream->shards) {
      if (!in_use.contains(shard.partition)) unused.insert(shard.partition);
    }
  }
  for (const PartitionId partition : unused) {
    TRY(database.engine.drop(partition));
    database.record_waits.forget(partition);
  }
  return Done{};
}

}  // namespace

Status sweep_streams(ops::Database& database) {
  // Records first: a shard's are trimmed before it goes, so that nobody takes what is missing for
  // the shard's end.
  TRY(trim_logs(database));
  Streams ending = all_streams(database.catalog);
  std::erase_if(ending, [&](const auto& stream) {
    return !has_anything_over(*stream, horizon_of(database, *stream));
  });
  if (ending.empty()) return Done{};
  TRY(remove_shards_and_streams(database, ending));
  return drop_unused_partitions(database, ending);
}

Result<Pause> Retention::step() {
  const auto streams = all_streams(database_.catalog);
  if (streams.empty()) return Pause();
  int64_t pause = kPauseMillisecondsMax;
  for (const auto& stream : streams) {
    const int64_t retention = streams::retention_milliseconds(*stream, database_.stream_settings);
    pause = std::clamp(retention / kSweepsPerRetention, kPauseMillisecondsMin, pause);
  }
  const int64_t now = database_.clock.now_milliseconds();
  // A clock that was set back does not keep it waiting.
  const bool is_due = now >= swept_milliseconds_ + pause || now < swept_milliseconds_;
  if (!is_due) return Pause(swept_milliseconds_ + pause - now);
  TRY(sweep_streams(database_));
  swept_milliseconds_ = now;
  return Pause(pause);
}

}  // namespace millrace::jobs
