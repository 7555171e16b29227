// Keys and values of the partition of logs. docs/formats/logs.md is their page.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/engine.h"
#include "logs/group.h"

namespace millrace::logs {

inline constexpr ByteView kNextGroupKey = "N";

[[nodiscard]] Bytes group_key(ByteView name);
[[nodiscard]] engine::KeyRange all_groups();
[[nodiscard]] Bytes encode_group(const Group& group);
// Without the counters.
[[nodiscard]] Result<Group> decode_group(ByteView key, ByteView value);

// All that is stored under the group's number.
[[nodiscard]] engine::EraseRange everything_of(uint64_t group);

[[nodiscard]] Bytes counters_key(uint64_t group);
[[nodiscard]] Bytes encode_counters(const Group& group);
[[nodiscard]] Status decode_counters(ByteView value, Group& group);

[[nodiscard]] Bytes stream_key(uint64_t group, ByteView name);
[[nodiscard]] Bytes encode_stream(const Stream& stream);
[[nodiscard]] Result<Stream> decode_stream(ByteView name, ByteView value);
// The streams whose names are `from` and above, and begin with `prefix`.
[[nodiscard]] engine::KeyRange streams_from(uint64_t group, ByteView prefix, ByteView from);
[[nodiscard]] ByteView stream_name_of_key(ByteView key);

// Streams in the order of their last events; those without one first.
[[nodiscard]] Bytes stream_order_key(uint64_t group, uint64_t last_event, ByteView name);
[[nodiscard]] engine::KeyRange all_stream_orders(uint64_t group);
struct StreamOrder {
  uint64_t last_event;
  ByteView name;
};
[[nodiscard]] StreamOrder stream_order_of_key(ByteView key);

// Its value is the name.
[[nodiscard]] Bytes stream_number_key(uint64_t group, uint64_t stream);
// A stream that is no more but whose events still are.
[[nodiscard]] Bytes dropped_stream_key(uint64_t group, uint64_t stream);
[[nodiscard]] engine::KeyRange all_dropped_streams(uint64_t group);
[[nodiscard]] uint64_t stream_of_dropped_key(ByteView key);

[[nodiscard]] Bytes event_key(uint64_t group, Position position);
[[nodiscard]] engine::KeyRange event_range(uint64_t group, const PositionRange& range);
struct EventValue {
  uint64_t stream;
  int64_t ingestion_milliseconds;
  ByteView message;
};
[[nodiscard]] Bytes encode_event(const EventValue& event);
[[nodiscard]] std::optional<EventValue> decode_event(ByteView value);

// The events of a stream; the value is the length of the message.
[[nodiscard]] Bytes stream_event_key(uint64_t group, uint64_t stream, Position position);
[[nodiscard]] engine::KeyRange stream_event_range(uint64_t group, uint64_t stream,
                                                  const PositionRange& range);

// Of both kinds of keys of events.
[[nodiscard]] Position position_of_key(ByteView key);

}  // namespace millrace::logs
