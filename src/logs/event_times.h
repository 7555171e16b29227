// The times and the size that a page of events may have.
#pragma once

#include "logs/input.h"

namespace millrace::logs {

inline constexpr int64_t kPageEventsMax = 10'000;
inline constexpr size_t kPageBytesMax = 1'000'000;

enum class EndTime { kExclusive, kInclusive };

// From startTime to endTime, and nothing whose retention is over.
[[nodiscard]] PositionRange range_of_times(const Call& call, const Group& group, EndTime end_time);

[[nodiscard]] size_t event_limit(const Call& call);

// Just above.
[[nodiscard]] inline Position next(Position position) {
  return {position.time, position.sequence + 1};
}

// About what an event takes in a response.
[[nodiscard]] size_t page_bytes_of(const StoredEvent& event);

}  // namespace millrace::logs
