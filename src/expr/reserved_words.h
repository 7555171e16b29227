// The words that may not be attribute names in an expression unless behind a `#placeholder`.
#pragma once

#include <string_view>

namespace millrace::expr {

// Whether `word` may not be used as a bare attribute name. Any case.
[[nodiscard]] bool is_reserved_word(std::string_view word);

}  // namespace millrace::expr
