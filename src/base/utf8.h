// Characters of UTF-8 texts.
#pragma once

#include <string_view>

namespace millrace {

// Takes the first character off `text`, which is not empty. Of what is not UTF-8 it makes
// something, and always takes a byte at least.
[[nodiscard]] char32_t take_character(std::string_view& text);

}  // namespace millrace
