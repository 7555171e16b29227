#include "logs/layout.h"

#include "base/check.h"

namespace millrace::logs {
namespace {

constexpr char kGroup = 'G';
constexpr char kOfGroup = 'P';

constexpr char kCounters = 'c';
constexpr char kDroppedStream = 'd';
constexpr char kEvent = 'e';
constexpr char kStreamEvent = 'i';
constexpr char kStreamOrder = 'l';
constexpr char kStreamNumber = 'n';
constexpr char kStream = 's';

constexpr size_t kGroupPrefixBytes = 1 + 8 + 1;
constexpr uint64_t kGroupVersion = 1;
constexpr uint64_t kStreamVersion = 1;

Bytes key_of(uint64_t group, char kind) {
  Bytes key(1, kOfGroup);
  append_u64(key, group);
  key.push_back(kind);
  return key;
}

Bytes above(Bytes prefix) {
  ++prefix.back();  // a letter, or part of a name in UTF-8: never 0xFF
  return prefix;
}

engine::KeyRange all_of(uint64_t group, char kind) {
  return {key_of(group, kind), above(key_of(group, kind))};
}

void append_position(Bytes& key, Position position) {
  append_u64(key, position.time);
  append_u64(key, position.sequence);
}

uint64_t u64_at(ByteView key, size_t offset) {
  const auto number = ByteReader(key.substr(offset)).read_u64();
  MILLRACE_CHECK(number.has_value());
  return *number;
}

Error damaged(std::string_view what) {
  return internal_error("a stored " + std::string(what) + " is malformed");
}

}  // namespace

Bytes group_key(ByteView name) {
  return Bytes(1, kGroup) + Bytes(name);
}

engine::KeyRange all_groups() {
  return {Bytes(1, kGroup), Bytes(1, kGroup + 1)};
}

Bytes encode_group(const Group& group) {
  Bytes value;
  append_varint(value, kGroupVersion);
  append_varint(value, group.number);
  append_varint(value, static_cast<uint64_t>(group.created_milliseconds));
  append_varint(value, static_cast<uint64_t>(group.retention_days));
  append_varint(value, group.tags.size());
  for (const auto& [tag, text] : group.tags) {
    append_sized(value, tag);
    append_sized(value, text);
  }
  return value;
}

Result<Group> decode_group(ByteView key, ByteView value) {
  ByteReader reader(value);
  const auto version = reader.read_varint();
  const auto number = reader.read_varint();
  const auto created = reader.read_varint();
  const auto retention = reader.read_varint();
  const auto tags = reader.read_varint();
  if (!tags || *version != kGroupVersion) return damaged("log group");
  Group group;
  group.number = *number;
  group.name = key.substr(1);
  group.created_milliseconds = static_cast<int64_t>(*created);
  group.retention_days = static_cast<int64_t>(*retention);
  for (uint64_t i = 0; i < *tags; ++i) {
    const auto tag = reader.read_sized();
    const auto text = reader.read_sized();
    if (!tag || !text) return damaged("log group");
    group.tags.emplace(*tag, *text);
  }
  return group;
}

engine::EraseRange everything_of(uint64_t group) {
  Bytes from(1, kOfGroup);
  append_u64(from, group);
  Bytes to(1, kOfGroup);
  append_u64(to, group + 1);
  return {std::move(from), std::move(to)};
}

Bytes counters_key(uint64_t group) {
  return key_of(group, kCounters);
}

Bytes encode_counters(const Group& group) {
  Bytes value;
  append_varint(value, group.next_sequence);
  append_varint(value, group.next_stream);
  append_varint(value, group.stored_bytes);
  return value;
}

Status decode_counters(ByteView value, Group& group) {
  ByteReader reader(value);
  const auto sequence = reader.read_varint();
  const auto stream = reader.read_varint();
  const auto bytes = reader.read_varint();
  if (!bytes) return damaged("log group");
  group.next_sequence = *sequence;
  group.next_stream = *stream;
  group.stored_bytes = *bytes;
  return Done{};
}

Bytes stream_key(uint64_t group, ByteView name) {
  return key_of(group, kStream) + Bytes(name);
}

Bytes encode_stream(const Stream& stream) {
  Bytes value;
  append_varint(value, kStreamVersion);
  append_varint(value, stream.number);
  append_varint(value, static_cast<uint64_t>(stream.created_milliseconds));
  append_varint(value, static_cast<uint64_t>(stream.last_ingestion_milliseconds));
  append_varint(value, stream.last_sequence);
  if (stream.last_event_milliseconds) {
    append_varint(value, static_cast<uint64_t>(*stream.first_event_milliseconds));
    append_varint(value, static_cast<uint64_t>(*stream.last_event_milliseconds));
  }
  return value;
}

Result<Stream> decode_stream(ByteView name, ByteView value) {
  ByteReader reader(value);
  const auto version = reader.read_varint();
  const auto number = reader.read_varint();
  const auto created = reader.read_varint();
  const auto ingestion = reader.read_varint();
  const auto sequence = reader.read_varint();
  if (!sequence || *version != kStreamVersion) return damaged("log stream");
  Stream stream;
  stream.name = name;
  stream.number = *number;
  stream.created_milliseconds = static_cast<int64_t>(*created);
  stream.last_ingestion_milliseconds = static_cast<int64_t>(*ingestion);
  stream.last_sequence = *sequence;
  if (reader.empty()) return stream;
  const auto first = reader.read_varint();
  const auto last = reader.read_varint();
  if (!first || !last) return damaged("log stream");
  stream.first_event_milliseconds = static_cast<int64_t>(*first);
  stream.last_event_milliseconds = static_cast<int64_t>(*last);
  return stream;
}

engine::KeyRange streams_from(uint64_t group, ByteView prefix, ByteView from) {
  return {stream_key(group, std::max(prefix, from)), above(stream_key(group, prefix))};
}

ByteView stream_name_of_key(ByteView key) {
  return key.substr(kGroupPrefixBytes);
}

Bytes stream_order_key(uint64_t group, uint64_t last_event, ByteView name) {
  Bytes key = key_of(group, kStreamOrder);
  append_u64(key, last_event);
  key += name;
  return key;
}

engine::KeyRange all_stream_orders(uint64_t group) {
  return all_of(group, kStreamOrder);
}

StreamOrder stream_order_of_key(ByteView key) {
  return {u64_at(key, kGroupPrefixBytes), key.substr(kGroupPrefixBytes + 8)};
}

Bytes stream_number_key(uint64_t group, uint64_t stream) {
  Bytes key = key_of(group, kStreamNumber);
  append_u64(key, stream);
  return key;
}

Bytes dropped_stream_key(uint64_t group, uint64_t stream) {
  Bytes key = key_of(group, kDroppedStream);
  append_u64(key, stream);
  return key;
}

engine::KeyRange all_dropped_streams(uint64_t group) {
  return all_of(group, kDroppedStream);
}

uint64_t stream_of_dropped_key(ByteView key) {
  return u64_at(key, kGroupPrefixBytes);
}

Bytes event_key(uint64_t group, Position position) {
  Bytes key = key_of(group, kEvent);
  append_position(key, position);
  return key;
}

engine::KeyRange event_range(uint64_t group, const PositionRange& range) {
  return {event_key(group, range.from), event_key(group, range.to)};
}

Bytes encode_event(const EventValue& event) {
  Bytes value;
  value.reserve(event.message.size() + 16);
  append_varint(value, event.stream);
  append_varint(value, static_cast<uint64_t>(event.ingestion_milliseconds));
  value += event.message;
  return value;
}

std::optional<EventValue> decode_event(ByteView value) {
  ByteReader reader(value);
  const auto stream = reader.read_varint();
  const auto ingestion = reader.read_varint();
  if (!stream || !ingestion) return std::nullopt;
  return EventValue{*stream, static_cast<int64_t>(*ingestion), reader.rest()};
}

Bytes stream_event_key(uint64_t group, uint64_t stream, Position position) {
  Bytes key = key_of(group, kStreamEvent);
  append_u64(key, stream);
  append_position(key, position);
  return key;
}

engine::KeyRange stream_event_range(uint64_t group, uint64_t stream, const PositionRange& range) {
  return {stream_event_key(group, stream, range.from), stream_event_key(group, stream, range.to)};
}

Position position_of_key(ByteView key) {
  MILLRACE_CHECK(key.size() >= kGroupPrefixBytes + 16);
  const size_t at = key.size() - 16;
  return {u64_at(key, at), u64_at(key, at + 8)};
}

}  // namespace millrace::logs
