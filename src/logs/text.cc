#include "logs/text.h"

#include <simdjson.h>

namespace millrace::logs {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The length of the character that begins there, or 0 when none does.
size_t character_length(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + length > text.size()) return 0;
  return simdjson::validate_utf8(text.data() + at, length) ? length : 0;
}

std::string replaced(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t length = character_length(text, at);
    out += length == 0 ? kReplacement : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return out;
}

void cut(std::string& text, size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  size_t end = bytes_max;
  for (int back = 0; back < 3 && end > 0 && is_continuation(text[end]); ++back) --end;
  text.resize(end);
}

}  // namespace

std::string well_formed(std::string text, size_t bytes_max) {
  cut(text, bytes_max);
  if (simdjson::validate_utf8(text.data(), text.size())) return text;
  text = replaced(text);
  cut(text, bytes_max);
  return text;
}

}  // namespace millrace::logs
