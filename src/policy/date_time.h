// Times as conditions write them (W3C's profile of ISO 8601, or seconds since 1970).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace::policy {

struct DateTime {
  int64_t seconds = 0;  // since 1970
  int64_t nanoseconds = 0;

  friend auto operator<=>(const DateTime&, const DateTime&) = default;
};

// "2026-01-02", "2026-01-02T03:04:05.678Z", "…+01:00", "1767323045"; nullopt for anything else.
[[nodiscard]] std::optional<DateTime> parse_date_time(std::string_view text);

}  // namespace millrace::policy
