// Log groups, their streams and events, kept in the engine (docs/formats/logs.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"

namespace millrace::logs {

struct LogEvent {
  int64_t timestamp_milliseconds = 0;
  std::string message;
};

// Thread-safe. The engine must outlive it.
class LogStore {
 public:
  // For what the server itself logs, such as the output of functions: makes group and stream when
  // they are not there. `done` is called when the events are durable, on any thread.
  void append(const std::string& group, const std::string& stream, std::vector<LogEvent> events,
              std::function<void(Status)> done);
};

}  // namespace millrace::logs
