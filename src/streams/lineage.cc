#include "streams/lineage.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/timestamp.h"
#include "streams/retention.h"

namespace millrace::streams {
namespace {

// Ordered as text by time of creation; consumers rely on it.
std::string shard_id(int64_t created_milliseconds, Random& random) {
  return fmt::format("shardId-{:020}-{:08x}", created_milliseconds,
                     static_cast<uint32_t>(random.next()));
}

const LogEnd& log_end_of(const std::vector<LogEnd>& log_ends, engine::PartitionId partition) {
  auto found = std::find_if(log_ends.begin(), log_ends.end(),
                            [&](const LogEnd& end) { return end.partition == partition; });
  MILLRACE_CHECK(found != log_ends.end());
  return *found;
}

void open_shard(catalog::Stream& stream, engine::PartitionId partition, engine::LogPosition first,
                std::optional<std::string> parent_id, int64_t now_milliseconds, Random& random) {
  catalog::Shard shard;
  // Two shards of a stream do not share a time, so that their ids are in order.
  shard.created_milliseconds =
      stream.shards.empty()
          ? now_milliseconds
          : std::max(now_milliseconds, stream.shards.back().created_milliseconds + 1);
  shard.id = shard_id(shard.created_milliseconds, random);
  shard.parent_id = std::move(parent_id);
  shard.partition = partition;
  shard.first = first;
  stream.shards.push_back(std::move(shard));
}

void close_shard(catalog::Shard& shard, engine::LogPosition next, int64_t now_milliseconds) {
  MILLRACE_CHECK(!shard.last && next >= shard.first);
  shard.last = std::max(shard.first, next - 1);
  shard.closed_milliseconds = now_milliseconds;
}

}  // namespace

catalog::Stream begin_stream(const catalog::Table& table, catalog::StreamViewType view_type,
                             const std::vector<LogEnd>& log_ends, const catalog::Stream* previous,
                             int64_t now_milliseconds, Random& random) {
  catalog::Stream stream;
  stream.table_name = table.name;
  stream.table_id = table.id;
  stream.key_schema = table.key_schema;
  stream.view_type = view_type;
  // No table has a tag that says something else than a retention.
  stream.retention_seconds = retention_seconds_of(table.tags).value();
  // A label is a time with milliseconds, and two streams of a name must not share one.
  stream.created_milliseconds =
      previous == nullptr ? now_milliseconds
                          : std::max(now_milliseconds, previous->created_milliseconds + 1);
  stream.label = iso8601_milliseconds(stream.created_milliseconds);
  for (const LogEnd& end : log_ends) {
    open_shard(stream, end.partition, end.next, std::nullopt, stream.created_milliseconds, random);
  }
  return stream;
}

catalog::Stream end_stream(const catalog::Stream& stream, const std::vector<LogEnd>& log_ends,
                           int64_t now_milliseconds) {
  MILLRACE_CHECK(stream.enabled);
  catalog::Stream ended = stream;
  ended.enabled = false;
  ended.disabled_milliseconds = now_milliseconds;
  for (catalog::Shard& shard : ended.shards) {
    if (shard.last) continue;
    close_shard(shard, log_end_of(log_ends, shard.partition).next, now_milliseconds);
  }
  return ended;
}

const catalog::Shard* replace_shard(catalog::Stream& stream, const LogEnd& log_end,
                                    const std::vector<engine::PartitionId>& children,
                                    int64_t now_milliseconds, Random& random) {
  auto open = std::find_if(stream.shards.begin(), stream.shards.end(), [&](const auto& shard) {
    return shard.partition == log_end.partition && !shard.last;
  });
  if (open == stream.shards.end()) return nullptr;
  close_shard(*open, log_end.next, now_milliseconds);
  const size_t closed = static_cast<size_t>(open - stream.shards.begin());
  for (const engine::PartitionId child : children) {
    const catalog::Shard& parent = stream.shards[closed];
    open_shard(stream, child, *parent.last + 1, parent.id, now_milliseconds, random);
  }
  return &stream.shards[closed];
}

engine::LogPosition next_position(const catalog::Stream* latest_stream,
                                  engine::PartitionId partition, engine::LogPosition log_next) {
  engine::LogPosition next = std::max<engine::LogPosition>(log_next, 1);
  if (latest_stream == nullptr) return next;
  for (const catalog::Shard& shard : latest_stream->shards) {
    if (shard.partition != partition) continue;
    next = std::max(next, shard.last ? *shard.last + 1 : shard.first);
  }
  return next;
}

}  // namespace millrace::streams
