#include "streams/sequence_number.h"

#include <charconv>

namespace millrace::streams {

std::string format_sequence_number(engine::LogPosition position) {
  std::string text(21, '0');
  text.front() = '1';
  for (size_t at = text.size(); position > 0; position /= 10) {
    text[--at] = static_cast<char>('0' + position % 10);
  }
  return text;
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
