#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "base/result.h"

namespace millrace::cli::resources {

inline constexpr auto kPatience = std::chrono::minutes(5);

// Calls `is_done`, which returns Result<bool>, until it says so or fails.
// ServiceUnavailableException when that takes too long; `what` is what it waits for: "function f to
// be active".
template <typename IsDone>
Status await(const std::string& what, IsDone is_done) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::chrono::milliseconds pause(5);
  while (!TRY(is_done())) {
    if (std::chrono::steady_clock::now() > deadline) {
      return Error{ErrorCode::kServiceUnavailableException, "still waiting for " + what};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(500));
  }
  return Done{};
}

}  // namespace millrace::cli::resources
