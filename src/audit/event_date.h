// Times as records write them, in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::audit {

// Of the years 0 to 9999; others take the nearest time of these.
struct EventDate {
  int year;
  unsigned month;  // 1 to 12
  unsigned day;
  unsigned hour;
  unsigned minute;
  unsigned second;
};
[[nodiscard]] EventDate event_date(int64_t milliseconds);
// "2026-11-21T10:00:00Z"
void append_event_time(std::string& out, int64_t milliseconds);
// nullopt: it has not that form.
[[nodiscard]] std::optional<int64_t> event_time_milliseconds(std::string_view text);
// "May 3, 2015 11:34:14 PM": of timestamps among parameters and response elements.
[[nodiscard]] std::string parameter_time(int64_t milliseconds);

}  // namespace millrace::audit
