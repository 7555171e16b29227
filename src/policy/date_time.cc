#include "policy/date_time.h"

#include <charconv>

namespace millrace::policy {
namespace {

// The years of a signed 64-bit number of milliseconds.
constexpr int64_t kYearMax = 292'278'993;
constexpr int64_t kYearMin = -292'275'054;

// Takes digits off the front, `digits_min` to `digits_max` of them.
std::optional<int64_t> take_number(std::string_view& text, size_t digits_min, size_t digits_max) {
  size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  if (count < digits_min || count > digits_max) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view letters) {
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int64_t> take_number_up_to(std::string_view& text, size_t digits_min, int64_t max) {
  const auto number = take_number(text, digits_min, 2);
  return number && *number <= max ? number : std::nullopt;
}

// Howard Hinnant's days_from_civil: the civil calendar, whose years begin in March.
int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::optional<int64_t> take_date(std::string_view& text) {
  const bool negative = take(text, "-");
  auto year = take_number(text, 1, 9);
  if (!year) return std::nullopt;
  if (negative) year = -*year;
  if (*year > kYearMax || *year < kYearMin) return std::nullopt;
  int64_t month = 1;
  int64_t day = 1;
  if (take(text, "-")) {
    const auto read = take_number_up_to(text, 1, 12);
    if (!read || *read == 0) return std::nullopt;
    month = *read;
    if (take(text, "-")) {
      const auto read_day = take_number_up_to(text, 1, 31);
      if (!read_day || *read_day == 0) return std::nullopt;
      day = *read_day;
    }
  }
  return days_since_1970(*year, month, day);
}

// Seconds east of Greenwich.
std::optional<int64_t> take_zone(std::string_view& text) {
  if (text.empty() || take(text, "Zz")) return 0;
  const bool west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number_up_to(text, 2, 23);
  if (!hours) return std::nullopt;
  int64_t minutes = 0;
  if (take(text, ":")) {
    const auto read = take_number_up_to(text, 2, 59);
    if (!read) return std::nullopt;
    minutes = *read;
  }
  const int64_t seconds = (*hours * 60 + minutes) * 60;
  return west ? -seconds : seconds;
}

std::optional<int64_t> take_fraction(std::string_view& text) {
  size_t digits = text.size();
  const auto number = take_number(text, 1, 9);
  if (!number) return std::nullopt;
  digits -= text.size();
  int64_t nanoseconds = *number;
  for (; digits < 9; ++digits) nanoseconds *= 10;
  return nanoseconds;
}

std::optional<DateTime> take_time(std::string_view& text) {
  DateTime time;
  const auto hours = take_number_up_to(text, 1, 23);
  if (!hours) return std::nullopt;
  time.seconds = *hours * 3600;
  if (take(text, ":")) {
    const auto minutes = take_number_up_to(text, 1, 59);
    if (!minutes) return std::nullopt;
    time.seconds += *minutes * 60;
    if (take(text, ":")) {
      const auto seconds = take_number_up_to(text, 1, 59);
      if (!seconds) return std::nullopt;
      time.seconds += *seconds;
      if (take(text, ".")) {
        const auto nanoseconds = take_fraction(text);
        if (!nanoseconds) return std::nullopt;
        time.nanoseconds = *nanoseconds;
      }
    }
  }
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  time.seconds -= *zone;
  return time;
}

}  // namespace

std::optional<DateTime> parse_date_time(std::string_view text) {
  constexpr size_t kEpochDigitsMax = 19;
  if (text.find_first_of("tT-") == std::string_view::npos) {
    const auto seconds = take_number(text, 1, kEpochDigitsMax);
    if (!seconds || !text.empty()) return std::nullopt;
    return DateTime{*seconds, 0};
  }
  const auto days = take_date(text);
  if (!days) return std::nullopt;
  DateTime time;
  if (take(text, "tT") && !text.empty()) {
    const auto read = take_time(text);
    if (!read) return std::nullopt;
    time = *read;
  }
  if (!text.empty()) return std::nullopt;
  time.seconds += *days * 86'400;
  return time;
}

}  // namespace millrace::policy
