#include "ops/tag_text.h"

#include <clocale>
#include <cwctype>

#include "base/check.h"
#include "base/utf8.h"

namespace millrace::ops {
namespace {

bool is_ascii_tag_character(char32_t character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') ||
         std::string_view(" _.:/=+-@").find(static_cast<char>(character)) != std::string_view::npos;
}

// Unicode's category Z beyond ASCII.
bool is_separator(char32_t character) {
  return character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A) ||
         character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F ||
         character == 0x3000;
}

bool is_letter_or_digit(char32_t character) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  MILLRACE_CHECK(locale != nullptr);  // built into the C library
  return iswalnum_l(static_cast<wint_t>(character), locale) != 0;
}

}  // namespace

bool is_tag_text(std::string_view text) {
  while (!text.empty()) {
    const char32_t character = take_character(text);
    if (character < 0x80 ? !is_ascii_tag_character(character)
                         : !is_separator(character) && !is_letter_or_digit(character)) {
      return false;
    }
  }
  return true;
}

size_t tag_text_length(std::string_view text) {
  size_t length = 0;
  while (!text.empty()) length += take_character(text) > 0xFFFF ? 2 : 1;
  return length;
}

}  // namespace millrace::ops
