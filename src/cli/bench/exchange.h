#pragma once

#include <chrono>
#include <string_view>

#include "cli/client/call.h"

namespace millrace::cli::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] inline std::chrono::nanoseconds seconds_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

struct Answer {
  int status = 0;  // 0: there was none, for the reason `failure`
  std::string_view body = {};
  std::string_view failure = {};  // "Timeout"
};

// Decides what connections ask and learns what they are answered. For one thread.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // Fills in the next call. False when there is none, and then never again.
  virtual bool next(SteadyTime now, Call& call) = 0;
  // When the call that next() gave is to be sent; the past: at once.
  [[nodiscard]] virtual SteadyTime not_before() const { return SteadyTime::min(); }
  virtual void answered(const Call& call, const Answer& answer,
                        std::chrono::nanoseconds latency) = 0;
};

}  // namespace millrace::cli::bench
