// What a function gets at once: records of a lane, and of a tumbling window where the mapping has
// one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "triggers/failed_batch.h"
#include "triggers/shard_records.h"

namespace millrace::triggers {

// A tumbling window that has begun: all records created from its start on, before its end.
struct Window {
  int64_t start_milliseconds = 0;
  int64_t end_milliseconds = 0;
  std::string state = "{}";       // JSON: what the function returned last
  bool terminated_early = false;  // its state became too large: it ends with the next invocation

  friend bool operator==(const Window&, const Window&) = default;
};

// The window, of that length, that a record of this time belongs to.
[[nodiscard]] Window window_at(int64_t created_milliseconds, int64_t window_seconds);

struct Batch {
  std::vector<EventRecord> records;  // none: the end of a window
  int64_t retries = 0;               // how often it failed, as far as that counts

  [[nodiscard]] bool ends_window() const { return records.empty(); }
};

// Takes the records from number `at` on off `batch`; they keep its retries.
[[nodiscard]] Batch split_off(Batch& batch, size_t at);

struct EventSource {
  std::string stream_arn;
  std::string shard_id;
};

// The event. `window` is that of the batch, nullptr without tumbling windows.
[[nodiscard]] Bytes event_of(const Batch& batch, const EventSource& source, const Window* window);

// Which records those of a batch are, and the event itself, for the record of its failure.
void describe(const Batch& batch, const EventSource& source, const Window* window,
              FailedBatch& failed);

// Of an event's text.
inline constexpr size_t kEventBytesMax = 6 * 1024 * 1024;
// What event_of() adds to the records.
inline constexpr size_t kEventFrameBytes = 1024;
inline constexpr size_t kWindowStateBytesMax = 1024 * 1024;

}  // namespace millrace::triggers
