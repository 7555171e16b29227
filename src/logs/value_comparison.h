// One comparison of a filter pattern: = "text*", != %expression%, >= 12.5.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "logs/pattern_text.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace millrace::logs {

// nullptr when it is not one. Linear in what it is matched with, whatever it says.
[[nodiscard]] std::shared_ptr<const re2::RE2> compile_expression(std::string_view expression);
// Whether it is found anywhere in the text.
[[nodiscard]] bool found_in(const re2::RE2& expression, std::string_view text);

// Where `piece` first is in `text`, or npos. Unlike std::string_view::find it is linear in the
// worst case.
[[nodiscard]] size_t find_text(std::string_view text, std::string_view piece);

// The whole text as a number.
[[nodiscard]] std::optional<double> to_number(std::string_view text);

class ValueComparison {
 public:
  // `comparator` is one of = != < <= > >=. InvalidParameterException when the two do not go
  // together.
  static Result<ValueComparison> make(std::string_view comparator, const Word& word);

  // Of a value that is a text.
  [[nodiscard]] bool passes_text(std::string_view text) const;
  // Of one that is a number, written as `text`.
  [[nodiscard]] bool passes_number(double number, std::string_view text) const;

 private:
  enum class Order { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

  [[nodiscard]] bool equals_text(std::string_view text) const;

  Order order_ = Order::kEqual;
  bool negated_ = false;
  std::string text_;
  std::optional<double> number_;
  std::shared_ptr<const re2::RE2> expression_;  // or nullptr
  std::vector<std::string> pieces_;             // of a text with asterisks, what is between them
};

// = != < <= > >=, or empty.
[[nodiscard]] std::string_view take_comparator(PatternText& text);

}  // namespace millrace::logs
