#include "auth/amz_time.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace millrace::auth {
namespace {

// -1: it is not digits alone. Of at most nine.
int number_of(std::string_view digits) {
  int number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

struct Parts {
  int year, month, day, hour, minute, second;
};

std::optional<int64_t> seconds_of(const Parts& parts) {
  using namespace std::chrono;
  if (parts.year < 0 || parts.month < 0 || parts.day < 0) return std::nullopt;
  const year_month_day date{year(parts.year), month(static_cast<unsigned>(parts.month)),
                            day(static_cast<unsigned>(parts.day))};
  const bool is_time = parts.hour >= 0 && parts.hour < 24 && parts.minute >= 0 &&
                       parts.minute < 60 && parts.second >= 0 && parts.second <= 60;
  if (!date.ok() || !is_time) return std::nullopt;
  const int64_t days = sys_days(date).time_since_epoch().count();
  return ((days * 24 + parts.hour) * 60 + parts.minute) * 60 + parts.second;
}

// From 1; 0: none has that name.
int month_of(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? 0 : static_cast<int>(found - kNames.begin()) + 1;
}

}  // namespace

std::optional<int64_t> parse_amz_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto number = [text](size_t at, size_t size) { return number_of(text.substr(at, size)); };
  return seconds_of(
      {number(0, 4), number(4, 2), number(6, 2), number(9, 2), number(11, 2), number(13, 2)});
}

std::optional<int64_t> parse_http_date(std::string_view text) {
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto number = [text](size_t at, size_t size) { return number_of(text.substr(at, size)); };
  return seconds_of({number(12, 4), month_of(text.substr(8, 3)), number(5, 2), number(17, 2),
                     number(20, 2), number(23, 2)});
}

}  // namespace millrace::auth
