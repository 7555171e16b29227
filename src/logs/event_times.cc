#include "logs/event_times.h"

#include <algorithm>

namespace millrace::logs {
namespace {

constexpr size_t kEventFrameBytes = 90;  // names of members, times

}  // namespace

PositionRange range_of_times(const Call& call, const Group& group, EndTime end_time) {
  PositionRange range;
  range.from.time = group.kept_from(call.store.now_milliseconds());
  if (const auto start = optional_integer(call.input, "startTime")) {
    range.from.time = std::max(range.from.time, static_cast<uint64_t>(*start));
  }
  if (const auto end = optional_integer(call.input, "endTime")) {
    range.to = {static_cast<uint64_t>(*end) + (end_time == EndTime::kInclusive ? 1 : 0), 0};
  }
  return range;
}

size_t event_limit(const Call& call) {
  return static_cast<size_t>(optional_integer(call.input, "limit").value_or(kPageEventsMax));
}

size_t page_bytes_of(const StoredEvent& event) {
  return event.message.size() + kEventFrameBytes;
}

}  // namespace millrace::logs
