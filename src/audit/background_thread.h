// Threads that work for later, and shall not slow the requests of now.
#pragma once

#include <chrono>
#include <cstdint>

namespace millrace::audit {

// Names the calling thread and lets others go first. `name` has at most 15 characters.
void enter_background(const char* name);

// How much a background thread works while the machine is busy: what it makes can wait until there
// is time, and is then made at full speed. For one thread.
class Pace {
 public:
  // How long the calling thread is to rest after what it has worked since the last call: not at all
  // while the processors have time to spare.
  [[nodiscard]] std::chrono::nanoseconds rest_due();

 private:
  struct ProcessorTimes {
    uint64_t idle = 0;
    uint64_t all = 0;
  };
  [[nodiscard]] static ProcessorTimes read_processor_times();
  [[nodiscard]] bool is_machine_busy();

  std::chrono::nanoseconds worked_{0};  // of the thread, at the last call
  ProcessorTimes times_;
  std::chrono::steady_clock::time_point looked_at_;
  bool busy_ = false;
};

}  // namespace millrace::audit
