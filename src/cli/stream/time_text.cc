#include "cli/stream/time_text.h"

#include <charconv>
#include <chrono>

#include <fmt/chrono.h>

namespace millrace::cli::stream {

namespace {

constexpr int64_t kAgoSecondsMax = int64_t{100} * 366 * 86'400;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// Takes what it reads off the front.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<int> digits(size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char character : rest_.substr(0, count)) {
      if (!is_digit(character)) return std::nullopt;
      value = value * 10 + (character - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool literal(char character) {
    if (!rest_.starts_with(character)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool skip_digits() {
    const size_t before = rest_.size();
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
    return rest_.size() < before;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<int64_t> read_date(Reader& reader) {
  const auto year = reader.digits(4);
  if (!year || !reader.literal('-')) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month || !reader.literal('-')) return std::nullopt;
  const auto day = reader.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
}

std::optional<int64_t> read_clock(Reader& reader) {
  const auto hours = reader.digits(2);
  if (!hours || !reader.literal(':')) return std::nullopt;
  const auto minutes = reader.digits(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  int64_t seconds = *hours * 3600 + *minutes * 60;
  if (!reader.literal(':')) return seconds;
  const auto last = reader.digits(2);
  if (!last || *last > 60) return std::nullopt;
  if (reader.literal('.') && !reader.skip_digits()) return std::nullopt;
  return seconds + *last;
}

// What to subtract for UTC.
std::optional<int64_t> read_zone(Reader& reader) {
  if (reader.at_end() || reader.literal('Z')) return 0;
  const bool is_east = reader.literal('+');
  if (!is_east && !reader.literal('-')) return std::nullopt;
  const auto hours = reader.digits(2);
  reader.literal(':');
  const auto minutes = reader.digits(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int64_t offset = *hours * 3600 + *minutes * 60;
  return is_east ? offset : -offset;
}

std::optional<int64_t> parse_date_and_time(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date || reader.at_end()) return date;
  if (!reader.literal('T') && !reader.literal(' ')) return std::nullopt;
  const auto clock = read_clock(reader);
  if (!clock) return std::nullopt;
  const auto zone = read_zone(reader);
  if (!zone || !reader.at_end()) return std::nullopt;
  return *date + *clock - *zone;
}

std::optional<int64_t> seconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86'400;
    default:
      return std::nullopt;
  }
}

std::optional<int64_t> parse_ago(std::string_view text) {
  if (text.size() < 2 || !is_digit(text.front())) return std::nullopt;
  const auto unit = seconds_of_unit(text.back());
  if (!unit) return std::nullopt;
  int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stopped, problem] = std::from_chars(text.data(), end, count);
  if (problem != std::errc() || stopped != end || count > kAgoSecondsMax / *unit) {
    return std::nullopt;
  }
  return count * *unit;
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text, int64_t now_seconds) {
  if (const auto ago = parse_ago(text)) return now_seconds - *ago;
  return parse_date_and_time(text);
}

std::string format_time(int64_t seconds_since_1970) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<time_t>(seconds_since_1970)));
}

}  // namespace millrace::cli::stream
