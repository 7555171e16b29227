// What came of one small step of background work.
#pragma once

#include <chrono>
#include <optional>

#include "base/result.h"

namespace millrace::jobs {

// When the next step is due; nullopt: when the catalog changes.
using Pause = std::optional<std::chrono::milliseconds>;

inline constexpr std::chrono::milliseconds kAtOnce{0};

// The sooner of the two.
[[nodiscard]] inline Pause sooner(Pause one, Pause other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace millrace::jobs
