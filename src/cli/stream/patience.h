#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "cli/client/service_client.h"
#include "cli/stream/stop_signal.h"
#include "cli/stream/warnings.h"

namespace millrace::cli::stream {

// Makes a call again while its error is transient, later each time.
struct Patience {
  const StopSignal& stop;
  Warnings& warnings;
  std::optional<size_t> attempts_max;  // absent: until it succeeds or is stopped

  // `attempt` returns a Result.
  template <typename Attempt>
  auto operator()(Attempt attempt) const -> decltype(attempt()) {
    std::chrono::milliseconds pause(100);
    for (size_t attempts = 1;; ++attempts) {
      auto result = attempt();
      if (result.ok()) warnings.succeeded();
      if (result.ok() || !is_transient(result.error()) || attempts == attempts_max) return result;
      if (stop.is_raised()) return result;
      if (!attempts_max) warnings.warn_of_outage(result.error().message);
      if (stop.wait_for(pause)) return result;
      pause = std::min(pause * 2, std::chrono::milliseconds(5000));
    }
  }
};

}  // namespace millrace::cli::stream
