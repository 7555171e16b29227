#include "logs/pattern_text.h"

#include "logs/filter_pattern.h"

namespace millrace::logs {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f\v";

}  // namespace

bool is_space(char character) {
  return kSpaces.find(character) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

void PatternText::skip_spaces() {
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
}

bool PatternText::take(std::string_view token) {
  if (!rest_.starts_with(token)) return false;
  rest_.remove_prefix(token.size());
  return true;
}

bool PatternText::take_keyword(std::string_view keyword) {
  if (!rest_.starts_with(keyword)) return false;
  const std::string_view after = rest_.substr(keyword.size());
  if (!after.empty() && !is_space(after.front()) && after.find_first_of(")}&|") != 0) return false;
  rest_ = after;
  return true;
}

std::string_view PatternText::take_until(std::string_view ends) {
  const std::string_view taken = rest_.substr(0, rest_.find_first_of(ends));
  rest_.remove_prefix(taken.size());
  return taken;
}

Result<Word> PatternText::take_word(std::string_view ends) {
  Word word;
  if (take("\"")) {
    word.kind = Word::Kind::kQuoted;
    while (!take("\"")) {
      if (rest_.starts_with("\\\"") || rest_.starts_with("\\\\")) rest_.remove_prefix(1);
      if (rest_.empty()) return invalid_filter_pattern();
      word.text.push_back(rest_.front());
      rest_.remove_prefix(1);
    }
    return word;
  }
  if (take("%")) {
    word.kind = Word::Kind::kExpression;
    word.text = take_until("%");
    if (!take("%") || word.text.empty()) return invalid_filter_pattern();
    return word;
  }
  word.text = take_until(std::string(kSpaces) + std::string(ends));
  if (word.text.empty()) return invalid_filter_pattern();
  return word;
}

}  // namespace millrace::logs
