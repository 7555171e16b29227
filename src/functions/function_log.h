// The log of one instance: lines of the function's output and those of the service between them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "functions/event_loop.h"
#include "functions/function_log_sink.h"

namespace millrace::functions {

// For the loop's thread; must be made by a shared pointer. What the sink has not taken yet is
// bounded by what the caller writes when full() is true. The sink and the clock must outlive it.
class FunctionLog : public std::enable_shared_from_this<FunctionLog> {
 public:
  struct Place {
    std::string group;
    std::string stream;
    // Our bootstraps write a line break within a message as a carriage return.
    bool carriage_returns_are_line_breaks = false;
  };
  // `busy_logs` counts those that have events the sink has not taken yet.
  FunctionLog(EventLoopPointer loop, FunctionLogSink& sink, const Clock& clock,
              std::shared_ptr<size_t> busy_logs, Place place);

  // Bytes of stdout and stderr, which break lines anywhere. Lines above 256 KiB are cut.
  void write_output(ByteView bytes);
  // A line of the service, without its end. Ends the output's last line.
  void write_line(std::string line);

  [[nodiscard]] bool full() const;
  // Called whenever it was full and is no longer.
  void set_on_room(std::function<void()> on_room) { on_room_ = std::move(on_room); }

  // The last 4 KiB written since begin_tail().
  void begin_tail() { tail_.clear(); }
  [[nodiscard]] std::string tail() const;

 private:
  void end_partial_line();
  void add(std::string message);
  void append();
  void on_appended(const Status& status);

  const EventLoopPointer loop_;
  FunctionLogSink& sink_;
  const Clock& clock_;
  const std::shared_ptr<size_t> busy_logs_;
  const Place place_;
  Bytes partial_line_;
  bool skipping_ = false;  // the rest of a line that was cut
  std::vector<logs::LogEvent> queue_;
  size_t queue_bytes_ = 0;
  size_t appending_bytes_ = 0;
  bool busy_ = false;  // until the sink has taken all
  bool failed_ = false;
  std::string tail_;
  std::function<void()> on_room_;
};

}  // namespace millrace::functions
