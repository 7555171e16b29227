#include "audit/event_text.h"

#include <simdjson.h>

#include "base/utf8.h"

namespace millrace::audit {
namespace {

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string with_replacements(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    std::string_view rest = text;
    (void)take_character(rest);
    const std::string_view character = text.substr(0, text.size() - rest.size());
    if (is_utf8(character)) {
      valid += character;
      text = rest;
    } else {
      valid += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  return valid;
}

}  // namespace

std::string_view text_within(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  // Back over a character that the bound would halve; not far, should the text be no UTF-8.
  while (end > 0 && bytes_max - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

void write_text(json::Writer& writer, std::string_view name, std::string_view text,
                size_t bytes_max) {
  if (text.empty()) return;
  const std::string_view shown = text_within(text, bytes_max);
  if (is_utf8(shown)) return writer.member(name, shown);
  writer.member(name, with_replacements(shown));
}

}  // namespace millrace::audit
