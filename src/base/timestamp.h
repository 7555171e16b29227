#pragma once

#include <cstdint>
#include <string>

namespace millrace {

// "2026-01-02T03:04:05.678", UTC.
[[nodiscard]] std::string iso8601_milliseconds(int64_t milliseconds_since_1970);

}  // namespace millrace
