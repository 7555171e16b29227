#include "logs/value_comparison.h"

#include <charconv>
#include <cstring>

#include <re2/re2.h>

#include "logs/filter_pattern.h"

namespace millrace::logs {
namespace {

// Of one compiled expression: it also bounds the time for each character.
constexpr int64_t kExpressionMemoryMax = 256 << 10;

std::vector<std::string> split_at_asterisks(std::string_view text) {
  std::vector<std::string> pieces;
  while (true) {
    const size_t asterisk = text.find('*');
    pieces.emplace_back(text.substr(0, asterisk));
    if (asterisk == std::string_view::npos) return pieces;
    text.remove_prefix(asterisk + 1);
  }
}

// Whether `text` is the pieces in order with anything between them: taking each where it is first
// found is as good as any other choice.
bool consists_of(std::string_view text, const std::vector<std::string>& pieces) {
  const std::string& first = pieces.front();
  const std::string& last = pieces.back();
  if (text.size() < first.size() + last.size() || !text.starts_with(first) ||
      !text.ends_with(last)) {
    return false;
  }
  text = text.substr(first.size(), text.size() - first.size() - last.size());
  for (size_t i = 1; i + 1 < pieces.size(); ++i) {
    const size_t at = find_text(text, pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces[i].size());
  }
  return true;
}

}  // namespace

std::shared_ptr<const re2::RE2> compile_expression(std::string_view expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kExpressionMemoryMax);
  auto compiled = std::make_shared<const re2::RE2>(expression, options);
  return compiled->ok() ? compiled : nullptr;
}

size_t find_text(std::string_view text, std::string_view piece) {
  const void* found = memmem(text.data(), text.size(), piece.data(), piece.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

bool found_in(const re2::RE2& expression, std::string_view text) {
  return re2::RE2::PartialMatch(text, expression);
}

std::optional<double> to_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view take_comparator(PatternText& text) {
  for (const std::string_view comparator : {"!=", "<=", ">=", "=", "<", ">"}) {
    if (text.take(comparator)) return comparator;
  }
  return {};
}

Result<ValueComparison> ValueComparison::make(std::string_view comparator, const Word& word) {
  ValueComparison test;
  test.negated_ = comparator == "!=";
  if (comparator == "<") test.order_ = Order::kLess;
  if (comparator == "<=") test.order_ = Order::kLessOrEqual;
  if (comparator == ">") test.order_ = Order::kGreater;
  if (comparator == ">=") test.order_ = Order::kGreaterOrEqual;
  test.text_ = word.text;
  if (word.kind == Word::Kind::kBare) test.number_ = to_number(word.text);
  if (test.order_ != Order::kEqual) {
    if (!test.number_) return invalid_filter_pattern();
    return test;
  }
  if (word.kind == Word::Kind::kExpression) {
    test.expression_ = compile_expression(word.text);
    if (test.expression_ == nullptr) return invalid_filter_pattern();
  } else if (word.text.find('*') != std::string::npos) {
    test.pieces_ = split_at_asterisks(word.text);
  }
  return test;
}

bool ValueComparison::equals_text(std::string_view text) const {
  if (expression_ != nullptr) return found_in(*expression_, text);
  return pieces_.empty() ? text == text_ : consists_of(text, pieces_);
}

bool ValueComparison::passes_text(std::string_view text) const {
  return order_ == Order::kEqual && equals_text(text) != negated_;
}

bool ValueComparison::passes_number(double number, std::string_view text) const {
  switch (order_) {
    case Order::kEqual:
      return (number_ ? number == *number_ : equals_text(text)) != negated_;
    case Order::kLess:
      return number < *number_;
    case Order::kLessOrEqual:
      return number <= *number_;
    case Order::kGreater:
      return number > *number_;
    case Order::kGreaterOrEqual:
      return number >= *number_;
  }
  return false;
}

}  // namespace millrace::logs
