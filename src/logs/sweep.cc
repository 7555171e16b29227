#include "logs/sweep.h"

#include "catalog/catalog.h"
#include "logs/layout.h"

namespace millrace::logs {
namespace {

constexpr size_t kEventsPerStep = 4000;
constexpr size_t kGroupsPerStep = 200;
// A group that is too large is cut a little below its limit, so that not every write has to cut.
constexpr uint64_t kSlackDivisor = 64;

// Just above.
Position next(Position position) {
  return {position.time, position.sequence + 1};
}

// Erases the oldest events of the range until they have `bytes`.
Result<bool> erase_oldest(engine::Engine& engine, const Group& group, const PositionRange& range,
                          uint64_t bytes, Batch& batch) {
  uint64_t erased_bytes = 0;
  size_t count = 0;
  Position last;
  bool damaged = false;
  TRY(engine.scan(catalog::kLogsPartition, event_range(group.number, range),
                  engine::Direction::kForward, [&](ByteView key, ByteView value) {
                    const auto event = decode_event(value);
                    damaged = !event;
                    if (damaged) return false;
                    last = position_of_key(key);
                    batch.mutate(
                        engine::Erase{stream_event_key(group.number, event->stream, last)});
                    erased_bytes += event->message.size() + kEventOverheadBytes;
                    return ++count < kEventsPerStep && erased_bytes < bytes;
                  }));
  if (damaged) return internal_error("a stored log event is malformed");
  if (count == 0) return false;
  batch.mutate(
      engine::EraseRange{event_key(group.number, {}), event_key(group.number, next(last))});
  batch.subtract_bytes(group.name, erased_bytes);
  return true;
}

Result<std::optional<uint64_t>> first_dropped_stream(engine::Engine& engine, const Group& group) {
  std::optional<uint64_t> stream;
  TRY(engine.scan(catalog::kLogsPartition, all_dropped_streams(group.number),
                  engine::Direction::kForward, [&](ByteView key, ByteView) {
                    stream = stream_of_dropped_key(key);
                    return false;
                  }));
  return stream;
}

Status erase_some_of_stream(engine::Engine& engine, const Group& group, uint64_t stream,
                            Batch& batch) {
  uint64_t erased_bytes = 0;
  size_t count = 0;
  Position last;
  TRY(engine.scan(catalog::kLogsPartition, stream_event_range(group.number, stream, {}),
                  engine::Direction::kForward, [&](ByteView key, ByteView value) {
                    last = position_of_key(key);
                    batch.mutate(engine::Erase{event_key(group.number, last)});
                    erased_bytes +=
                        ByteReader(value).read_varint().value_or(0) + kEventOverheadBytes;
                    return ++count < kEventsPerStep;
                  }));
  batch.subtract_bytes(group.name, erased_bytes);
  batch.mutate(engine::EraseRange{stream_event_key(group.number, stream, {}),
                                  stream_event_key(group.number, stream, next(last))});
  if (count < kEventsPerStep) {
    batch.mutate(engine::Erase{dropped_stream_key(group.number, stream)});
  }
  return Done{};
}

// False when nothing of the group is to go.
Result<bool> sweep_group(engine::Engine& engine, const Group& group, const LogSettings& settings,
                         int64_t now_milliseconds, Batch& batch) {
  if (group.may_have_dropped_streams) {
    const auto stream = TRY(first_dropped_stream(engine, group));
    if (stream) {
      TRY(erase_some_of_stream(engine, group, *stream, batch));
      return true;
    }
    batch.note_no_dropped_streams(group.name);
  }
  if (group.stored_bytes == 0) return false;
  const Position kept_from{group.kept_from(now_milliseconds), 0};
  if (TRY(erase_oldest(engine, group, {{}, kept_from}, UINT64_MAX, batch))) return true;
  return shrink_step(engine, group, settings, batch);
}

}  // namespace

Result<bool> shrink_step(engine::Engine& engine, const Group& group, const LogSettings& settings,
                         Batch& batch) {
  const auto bytes_max = static_cast<uint64_t>(settings.group_bytes_max);
  if (group.stored_bytes <= bytes_max) return false;
  const uint64_t target = bytes_max - bytes_max / kSlackDivisor;
  return erase_oldest(engine, group, {}, group.stored_bytes - target, batch);
}

Status sweep_step(engine::Engine& engine, const Groups& groups, const LogSettings& settings,
                  int64_t now_milliseconds, std::string& from, Batch& batch) {
  std::vector<GroupPointer> next_groups;
  groups.visit(from, [&](const GroupPointer& group) {
    next_groups.push_back(group);
    return next_groups.size() < kGroupsPerStep;
  });
  for (const GroupPointer& group : next_groups) {
    from = group->name;
    if (TRY(sweep_group(engine, *group, settings, now_milliseconds, batch))) return Done{};
    from.push_back('\0');
  }
  if (next_groups.size() < kGroupsPerStep) from.clear();
  return Done{};
}

}  // namespace millrace::logs
