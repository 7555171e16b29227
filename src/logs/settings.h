// What an operator may set about logs.
#pragma once

#include <cstdint>

namespace millrace::logs {

struct LogSettings {
  // Of the events of one log group, each its message and 26 bytes: beyond that the oldest go.
  int64_t group_bytes_max = int64_t{1} << 30;
  // Between two looks for events whose retention is over. 0: only when sweep() is called.
  int64_t sweep_milliseconds = 60'000;
};

}  // namespace millrace::logs
