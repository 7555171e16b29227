#include "audit/event_date.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "audit/event_json.h"

namespace millrace::audit {
namespace {

constexpr int64_t kFirstMilliseconds = -62'167'219'200'000;  // 0000-01-01T00:00:00Z
constexpr int64_t kLastMilliseconds = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_digits(std::string& out, unsigned value, int count) {
  const size_t begin = out.size();
  out.resize(begin + static_cast<size_t>(count));
  for (size_t at = out.size(); at-- > begin; value /= 10) {
    out[at] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

EventDate event_date(int64_t milliseconds) {
  using namespace std::chrono;  // NOLINT(google-build-using-namespace): for this function only
  const sys_time<std::chrono::milliseconds> time{
      std::chrono::milliseconds{std::clamp(milliseconds, kFirstMilliseconds, kLastMilliseconds)}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const auto seconds = static_cast<unsigned>(floor<std::chrono::seconds>(time - day).count());
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          seconds / 3600,
          seconds / 60 % 60,
          seconds % 60};
}

std::optional<int64_t> event_time_milliseconds(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  const bool fits = std::ranges::equal(text, kForm, [](char c, char form) {
    return form == '0' ? c >= '0' && c <= '9' : c == form;
  });
  if (!fits) return std::nullopt;
  const auto number = [&](size_t begin, size_t count) {
    unsigned value = 0;
    for (const char digit : text.substr(begin, count)) {
      value = value * 10 + static_cast<unsigned>(digit - '0');
    }
    return value;
  };
  using namespace std::chrono;  // NOLINT(google-build-using-namespace): for this function only
  const year_month_day date{year{static_cast<int>(number(0, 4))}, month{number(5, 2)},
                            day{number(8, 2)}};
  if (!date.ok()) return std::nullopt;
  const auto time =
      sys_days{date} + hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)};
  return std::chrono::milliseconds{time.time_since_epoch()}.count();
}

void append_event_time(std::string& out, int64_t milliseconds) {
  const EventDate date = event_date(milliseconds);
  append_digits(out, static_cast<unsigned>(date.year), 4);
  out.push_back('-');
  append_digits(out, date.month, 2);
  out.push_back('-');
  append_digits(out, date.day, 2);
  out.push_back('T');
  append_digits(out, date.hour, 2);
  out.push_back(':');
  append_digits(out, date.minute, 2);
  out.push_back(':');
  append_digits(out, date.second, 2);
  out.push_back('Z');
}

std::string event_time(int64_t milliseconds) {
  std::string text;
  append_event_time(text, milliseconds);
  return text;
}

std::string parameter_time(int64_t milliseconds) {
  const EventDate date = event_date(milliseconds);
  const unsigned hour = date.hour % 12 == 0 ? 12 : date.hour % 12;
  return fmt::format("{} {}, {} {}:{:02}:{:02} {}", kMonths[date.month - 1], date.day, date.year,
                     hour, date.minute, date.second, date.hour < 12 ? "AM" : "PM");
}

}  // namespace millrace::audit
