#include "ops/describe_stream_statistics.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/stream_request.h"
#include "streams/change_record.h"
#include "streams/retention.h"

namespace millrace::ops {
namespace {

constexpr int64_t kRateMilliseconds = 60'000;

struct ShardStatistics {
  int64_t record_count = 0;
  uint64_t size_bytes = 0;
  std::optional<int64_t> oldest_milliseconds;
  std::optional<int64_t> newest_milliseconds;
  std::optional<double> records_per_second;
  std::optional<int64_t> milliseconds_behind_latest;
};

// Of the first record of the range; nullopt when there is none.
Result<std::optional<int64_t>> created_milliseconds(engine::Engine& engine,
                                                    engine::PartitionId partition,
                                                    const engine::LogRange& range) {
  std::optional<int64_t> created;
  TRY(engine.read_log(partition, range.first, [&](engine::LogPosition position, ByteView value) {
    const auto record = streams::decode_change_record(value);
    if (position < range.next && record) created = record->created_milliseconds;
    return false;
  }));
  return created;
}

// Of the positions that the shard has and that are not trimmed.
engine::LogRange range_of(const catalog::Shard& shard, const engine::LogRange& log) {
  engine::LogRange range{std::max(shard.first, log.first), log.next};
  if (shard.last) range.next = std::min(range.next, *shard.last + 1);
  range.first = std::min(range.first, range.next);
  return range;
}

// Over the last minute, or as long as the shard has been there.
Result<double> records_per_second(const Database& database, const catalog::Shard& shard,
                                  const engine::LogRange& range) {
  const int64_t now = database.clock.now_milliseconds();
  const int64_t since = std::max(now - kRateMilliseconds, shard.created_milliseconds);
  const auto first = TRY(streams::position_at_time(database.engine, shard.partition, range, since));
  const double seconds = static_cast<double>(std::max<int64_t>(now - since, 1000)) / 1000;
  return static_cast<double>(range.next - first) / seconds;
}

Result<std::optional<int64_t>> milliseconds_behind(const Database& database,
                                                   const catalog::Shard& shard,
                                                   const engine::LogRange& range) {
  const auto slowest = database.stream_readers.slowest(shard.partition, shard.first,
                                                       std::chrono::steady_clock::now());
  if (!slowest) return std::optional<int64_t>();
  const engine::LogRange unread{std::max(*slowest, range.first), range.next};
  if (unread.first >= unread.next) return std::optional<int64_t>(0);
  const auto created = TRY(created_milliseconds(database.engine, shard.partition, unread));
  if (!created) return std::optional<int64_t>(0);
  return std::optional(std::max<int64_t>(database.clock.now_milliseconds() - *created, 0));
}

Result<ShardStatistics> statistics_of_shard(const Database& database, const catalog::Shard& shard) {
  engine::Engine& engine = database.engine;
  const auto range = range_of(shard, TRY(engine.log_range(shard.partition)));
  ShardStatistics statistics;
  statistics.record_count = static_cast<int64_t>(range.next - range.first);
  if (statistics.record_count > 0) {
    statistics.size_bytes = TRY(engine.log_bytes(shard.partition, range.first, range.next));
    statistics.oldest_milliseconds = TRY(created_milliseconds(engine, shard.partition, range));
    statistics.newest_milliseconds =
        TRY(created_milliseconds(engine, shard.partition, {range.next - 1, range.next}));
  }
  if (!shard.last) statistics.records_per_second = TRY(records_per_second(database, shard, range));
  statistics.milliseconds_behind_latest = TRY(milliseconds_behind(database, shard, range));
  return statistics;
}

void write_time(json::Writer& writer, std::string_view name, std::optional<int64_t> milliseconds) {
  if (!milliseconds) return;
  writer.key(name);
  writer.timestamp_milliseconds(*milliseconds);
}

void write_shard(json::Writer& writer, const catalog::Shard& shard,
                 const ShardStatistics& statistics) {
  writer.begin_object();
  writer.member("ShardId", shard.id);
  if (shard.parent_id) writer.member("ParentShardId", *shard.parent_id);
  writer.member("Open", !shard.last);
  writer.member("RecordCount", statistics.record_count);
  writer.member("SizeBytes", static_cast<int64_t>(statistics.size_bytes));
  write_time(writer, "OldestRecordTime", statistics.oldest_milliseconds);
  write_time(writer, "NewestRecordTime", statistics.newest_milliseconds);
  if (statistics.records_per_second) {
    writer.key("RecordsPerSecond");
    writer.raw(fmt::format("{:.3f}", *statistics.records_per_second));
  }
  if (statistics.milliseconds_behind_latest) {
    writer.member("MillisecondsBehindLatest", *statistics.milliseconds_behind_latest);
  }
  writer.end_object();
}

}  // namespace

Result<std::string> describe_stream_statistics(const Call& call) {
  const Database& database = call.database;
  const std::string arn = string_or_empty(call.input, "StreamArn");
  const auto stream = TRY(find_stream(database, arn));
  std::vector<ShardStatistics> statistics;
  uint64_t disk_bytes = 0;
  for (const catalog::Shard& shard : stream->shards) {
    statistics.push_back(TRY(statistics_of_shard(database, shard)));
    disk_bytes += statistics.back().size_bytes;
  }

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("StreamArn", arn);
  writer.member("TableName", stream->table_name);
  writer.member("StreamStatus", stream->enabled ? "ENABLED" : "DISABLED");
  writer.member("StreamViewType", catalog::stream_view_type_name(stream->view_type));
  writer.member("RetentionSeconds",
                streams::retention_milliseconds(*stream, database.stream_settings) / 1000);
  writer.member("DiskBytes", static_cast<int64_t>(disk_bytes));
  writer.key("Shards");
  writer.begin_array();
  for (size_t i = 0; i < statistics.size(); ++i) {
    write_shard(writer, stream->shards[i], statistics[i]);
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
