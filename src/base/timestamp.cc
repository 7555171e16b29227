#include "base/timestamp.h"

#include <fmt/chrono.h>

namespace millrace {

std::string iso8601_milliseconds(int64_t milliseconds_since_1970) {
  const auto seconds = static_cast<time_t>(milliseconds_since_1970 / 1000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}", fmt::gmtime(seconds),
                     milliseconds_since_1970 % 1000);
}

}  // namespace millrace
