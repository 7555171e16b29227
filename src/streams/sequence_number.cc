#include "streams/sequence_number.h"

#include <charconv>

#include <fmt/format.h>

namespace millrace::streams {

std::string format_sequence_number(engine::LogPosition position) {
  return fmt::format("1{:020}", position);
}

std::optional<engine::LogPosition> parse_sequence_number(std::string_view text) {
  if (text.size() != 21 || text.front() != '1') return std::nullopt;
  engine::LogPosition position = 0;
  const char* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data() + 1, end, position);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return position;
}

}  // namespace millrace::streams
