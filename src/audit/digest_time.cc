#include "audit/digest_time.h"

#include <chrono>

#include <fmt/chrono.h>

namespace millrace::audit {
namespace {

// The number that `count` digits at `offset` are; -1: they are no digits.
int number_at(std::string_view text, size_t offset, size_t count) {
  int value = 0;
  for (const char c : text.substr(offset, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::string digest_time(int64_t milliseconds_since_1970) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<time_t>(milliseconds_since_1970 / 1000)));
}

std::optional<int64_t> parse_digest_time(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  std::string compact(text);
  std::erase(compact, '-');
  std::erase(compact, ':');
  return parse_compact_time(compact);
}

std::optional<int64_t> parse_compact_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const int year = number_at(text, 0, 4);
  const int month = number_at(text, 4, 2);
  const int day = number_at(text, 6, 2);
  const int hour = number_at(text, 9, 2);
  const int minute = number_at(text, 11, 2);
  const int second = number_at(text, 13, 2);
  if (year < 0 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return (int64_t{days} * 86'400 + hour * 3600 + minute * 60 + second) * 1000;
}

}  // namespace millrace::audit
