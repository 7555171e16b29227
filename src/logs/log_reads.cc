// How the store is read: on the caller's thread, without waiting for writes.
#include "base/check.h"
#include "catalog/catalog.h"
#include "logs/layout.h"
#include "logs/log_store.h"

namespace millrace::logs {
namespace {

// Of a stream's events that are read at once.
constexpr size_t kEventsAtOnce = 256;
constexpr uint64_t kBytesAtOnce = 1U << 20;

Error damaged_event() {
  return internal_error("a stored log event is malformed");
}

// Positions of the next events of the stream, as many as are read at once.
Result<std::vector<Position>> next_positions(engine::Engine& engine, const Group& group,
                                             uint64_t stream, const PositionRange& range,
                                             engine::Direction direction) {
  std::vector<Position> positions;
  uint64_t bytes = 0;
  TRY(engine.scan(catalog::kLogsPartition, stream_event_range(group.number, stream, range),
                  direction, [&](ByteView key, ByteView value) {
                    positions.push_back(position_of_key(key));
                    bytes += ByteReader(value).read_varint().value_or(0);
                    return positions.size() < kEventsAtOnce && bytes < kBytesAtOnce;
                  }));
  return positions;
}

}  // namespace

Result<std::optional<Stream>> LogStore::find_stream(const Group& group,
                                                    std::string_view name) const {
  const auto value = TRY(engine_.get(catalog::kLogsPartition, stream_key(group.number, name)));
  if (!value) return std::optional<Stream>();
  return std::optional(TRY(decode_stream(name, *value)));
}

Status LogStore::visit_streams(const Group& group, std::string_view prefix,
                               const std::optional<std::string>& from, engine::Direction direction,
                               const StreamVisitor& visit) const {
  const bool forward = direction == engine::Direction::kForward;
  engine::KeyRange range = streams_from(group.number, prefix, forward && from ? *from : "");
  if (!forward && from) range.to = std::min(*range.to, stream_key(group.number, *from));
  Status status = Done{};
  TRY(engine_.scan(catalog::kLogsPartition, range, direction, [&](ByteView key, ByteView value) {
    auto stream = decode_stream(stream_name_of_key(key), value);
    if (!stream.ok()) status = stream.error();
    return stream.ok() && visit(*stream);
  }));
  return status;
}

Status LogStore::visit_streams_by_last_event(const Group& group,
                                             const std::optional<LastEventPlace>& from,
                                             engine::Direction direction,
                                             const StreamVisitor& visit) const {
  engine::KeyRange range = all_stream_orders(group.number);
  if (from) {
    Bytes place = stream_order_key(group.number, from->last_event, from->name);
    if (direction == engine::Direction::kForward) {
      range.from = std::move(place) + '\0';
    } else {
      range.to = std::move(place);
    }
  }
  Status status = Done{};
  TRY(engine_.scan(catalog::kLogsPartition, range, direction, [&](ByteView key, ByteView) {
    auto stream = find_stream(group, stream_order_of_key(key).name);
    if (!stream.ok()) status = stream.error();
    // It may have been deleted since the scan began.
    return status.ok() && (!*stream || visit(**stream));
  }));
  return status;
}

Result<std::optional<std::string>> LogStore::stream_name(const Group& group,
                                                         uint64_t number) const {
  return engine_.get(catalog::kLogsPartition, stream_number_key(group.number, number));
}

Status LogStore::visit_group_events(const Group& group, const PositionRange& range,
                                    const EventVisitor& visit) const {
  bool damaged = false;
  TRY(engine_.scan(catalog::kLogsPartition, event_range(group.number, range),
                   engine::Direction::kForward, [&](ByteView key, ByteView value) {
                     const auto event = decode_event(value);
                     damaged = !event;
                     return !damaged && visit({position_of_key(key), event->stream,
                                               event->ingestion_milliseconds, event->message});
                   }));
  if (damaged) return damaged_event();
  return Done{};
}

Status LogStore::visit_stream_events(const Group& group, uint64_t stream,
                                     const PositionRange& range, engine::Direction direction,
                                     const EventVisitor& visit) const {
  PositionRange rest = range;
  while (true) {
    const auto positions = TRY(next_positions(engine_, group, stream, rest, direction));
    if (positions.empty()) return Done{};
    std::vector<engine::Place> places;
    for (const Position& position : positions) {
      places.push_back({catalog::kLogsPartition, event_key(group.number, position)});
    }
    const auto values = TRY(engine_.get_all(places));
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;  // swept meanwhile
      const auto event = decode_event(*values[i]);
      if (!event) return damaged_event();
      if (!visit({positions[i], event->stream, event->ingestion_milliseconds, event->message})) {
        return Done{};
      }
    }
    const Position last = positions.back();
    if (direction == engine::Direction::kForward) {
      rest.from = {last.time, last.sequence + 1};
    } else {
      rest.to = last;
    }
  }
}

}  // namespace millrace::logs
