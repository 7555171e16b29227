// What is in a log file.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "audit/spool.h"
#include "catalog/arn.h"

namespace millrace::audit {

struct EventRange {
  EventNumber from = 0;
  EventNumber to = 0;  // not among them; settled
};

struct LogFileContent {
  std::string text;
  uint64_t events = 0;
  int64_t oldest_event_milliseconds = 0;
  int64_t newest_event_milliseconds = 0;
  // All events of the sink below this number are in it.
  EventNumber end = 0;
  bool is_full = false;  // there are more events than it takes
};

// The events of the range that are for the sink, as {"Records":[…]}, at most `bytes_max` bytes of
// it but one event at least. The same events give the same text. nullopt when `stopped` was set
// meanwhile.
[[nodiscard]] Result<std::optional<LogFileContent>> read_log_file(Spool& spool,
                                                                  const catalog::Site& site,
                                                                  SinkId sink, EventRange range,
                                                                  size_t bytes_max,
                                                                  const std::atomic<bool>& stopped);

// SHA-256, hex.
[[nodiscard]] std::string hash_value(std::string_view text);
// One gzip member.
[[nodiscard]] Bytes gzip(std::string_view text);

}  // namespace millrace::audit
