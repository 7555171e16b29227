// The text of a filter pattern, read from the front.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::logs {

[[nodiscard]] bool is_space(char character);
[[nodiscard]] std::string_view trimmed(std::string_view text);

// A word of a pattern: "quoted", %regular expression% or bare.
struct Word {
  enum class Kind { kBare, kQuoted, kExpression };
  Kind kind = Kind::kBare;
  std::string text;  // without what encloses it
};

class PatternText {
 public:
  explicit PatternText(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  void skip_spaces();
  // Takes it when the rest begins with it.
  bool take(std::string_view token);
  // The same for a word that a space, a parenthesis or the end must follow.
  bool take_keyword(std::string_view keyword);
  // As many characters as are in none of the `ends`; may be empty.
  std::string_view take_until(std::string_view ends);
  // A bare word ends before a space or one of `ends`. InvalidParameterException when there is none,
  // or its end is missing.
  Result<Word> take_word(std::string_view ends);

 private:
  std::string_view rest_;
};

}  // namespace millrace::logs
