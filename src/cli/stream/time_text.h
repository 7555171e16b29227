#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::cli::stream {

// Seconds since 1970 of "2026-11-21", "2026-11-21T10:00:00", with a fraction, which is dropped, and
// a zone (Z, +01:00; UTC without one); or of so long before `now_seconds`: "30s", "10m", "2h",
// "7d". nullopt for anything else.
[[nodiscard]] std::optional<int64_t> parse_time(std::string_view text, int64_t now_seconds);

// "2026-11-21T10:00:00Z"
[[nodiscard]] std::string format_time(int64_t seconds_since_1970);

}  // namespace millrace::cli::stream
