// Log groups, log streams and where an event stands in them.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace millrace::logs {

// Of an event the service counts the message and this.
inline constexpr uint64_t kEventOverheadBytes = 26;
inline constexpr int64_t kDayMilliseconds = int64_t{24} * 60 * 60 * 1000;

using Tags = std::map<std::string, std::string>;

struct Group {
  uint64_t number = 0;  // never given twice: everything of the group is stored under it
  std::string name;
  int64_t created_milliseconds = 0;
  int64_t retention_days = 0;  // 0: for ever
  Tags tags;

  uint64_t next_sequence = 1;  // of events, in the order of their arrival
  uint64_t next_stream = 1;
  uint64_t stored_bytes = 0;

  // Not stored: whether the sweep must look.
  bool may_have_dropped_streams = true;

  // Events before this time do not count any more.
  [[nodiscard]] uint64_t kept_from(int64_t now_milliseconds) const {
    if (retention_days == 0) return 0;
    const int64_t from = now_milliseconds - retention_days * kDayMilliseconds;
    return from < 0 ? 0 : static_cast<uint64_t>(from);
  }
};
using GroupPointer = std::shared_ptr<const Group>;

struct Stream {
  uint64_t number = 0;  // within the group, never given twice
  std::string name;
  int64_t created_milliseconds = 0;
  // Of all events that it ever had; nothing before the first.
  std::optional<int64_t> first_event_milliseconds;
  std::optional<int64_t> last_event_milliseconds;
  int64_t last_ingestion_milliseconds = 0;
  uint64_t last_sequence = 0;  // of its latest event, 0 before the first

  friend bool operator==(const Stream&, const Stream&) = default;
};

// The order of the events of a group, and of those of a stream.
struct Position {
  uint64_t time = 0;  // milliseconds since 1970
  uint64_t sequence = 0;

  friend auto operator<=>(const Position&, const Position&) = default;
};

// from <= position < to
struct PositionRange {
  Position from;
  Position to = {UINT64_MAX, UINT64_MAX};
};

}  // namespace millrace::logs
