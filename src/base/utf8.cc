#include "base/utf8.h"

#include <algorithm>

namespace millrace {

char32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  constexpr unsigned char kFirstByteMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t character = first & kFirstByteMask[length];
  for (size_t i = 1; i < length && i < text.size(); ++i) {
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  text.remove_prefix(std::min(length, text.size()));
  return character;
}

}  // namespace millrace
