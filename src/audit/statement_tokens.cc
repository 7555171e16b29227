#include <algorithm>

#include "audit/statement_redaction.h"

namespace millrace::audit {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::string_view kTwoCharacters[] = {"<<", ">>", "<>", "<=", ">=", "!=", "||"};
constexpr std::string_view kOneCharacter = "()[]{},.:;*+-/%=<>@^";

// Past the blanks and comments from `at`; the size of the text when a comment does not end.
size_t past_blanks(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

// Past the quoted text that begins at `at`, in which a doubled quote stands for itself; npos when
// it does not end.
size_t past_quoted(std::string_view text, size_t at) {
  const char quote = text[at];
  while (true) {
    at = text.find(quote, at + 1);
    if (at == std::string_view::npos) return at;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
}

// Takes more than numbers are: what follows a number without a blank goes with it.
size_t past_number(std::string_view text, size_t at) {
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool sign = (c == '+' || c == '-') && small(text[at - 1]) == 'e';
    if (!is_digit(c) && !is_letter(c) && c != '.' && !sign) break;
  }
  return at;
}

StatementTokens::Token read_token(std::string_view text, size_t at) {
  using enum StatementTokens::Kind;
  const char c = text[at];
  if (is_letter(c)) {
    const auto* const end = std::find_if_not(text.begin() + at, text.end(),
                                             [](char d) { return is_letter(d) || is_digit(d); });
    return {kWord, at, static_cast<size_t>(end - text.begin())};
  }
  if (is_digit(c) || (c == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
    return {kNumber, at, past_number(text, at + 1)};
  }
  if (c == '\'' || c == '"') {
    const size_t end = past_quoted(text, at);
    if (end == std::string_view::npos) return {kUnreadable, at, text.size()};
    return {c == '"' ? kQuotedName : kString, at, end};
  }
  if (c == '?') return {kParameter, at, at + 1};
  if (std::ranges::find(kTwoCharacters, text.substr(at, 2)) != std::end(kTwoCharacters)) {
    return {kSymbol, at, at + 2};
  }
  if (kOneCharacter.find(c) != std::string_view::npos) return {kSymbol, at, at + 1};
  return {kUnreadable, at, text.size()};
}

}  // namespace

StatementTokens::StatementTokens(std::string_view statement) : statement_(statement) {
  for (size_t at = past_blanks(statement, 0); at < statement.size();) {
    tokens_.push_back(read_token(statement, at));
    at = past_blanks(statement, tokens_.back().end);
  }
}

StatementTokens::Token StatementTokens::at(size_t index) const {
  if (index < tokens_.size()) return tokens_[index];
  return {Kind::kSymbol, statement_.size(), statement_.size()};
}

std::string_view StatementTokens::text(size_t index) const {
  const Token token = at(index);
  return statement_.substr(token.begin, token.end - token.begin);
}

bool StatementTokens::is_symbol(size_t index, std::string_view symbol) const {
  return is(index, Kind::kSymbol) && text(index) == symbol;
}

bool StatementTokens::is_word(size_t index, std::string_view word) const {
  return is(index, Kind::kWord) && std::ranges::equal(text(index), word, {}, small);
}

std::string_view StatementTokens::name(size_t index) const {
  if (is(index, Kind::kWord)) return text(index);
  if (!is(index, Kind::kQuotedName)) return {};
  const std::string_view quoted = text(index);
  return quoted.substr(1, quoted.size() - 2);
}

std::string_view StatementTokens::table_name() const {
  if (is_word(0, "update")) return name(1);
  const std::string_view before = is_word(0, "insert") ? "into" : "from";
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (is_word(i, before)) return name(i + 1);
  }
  return {};
}

}  // namespace millrace::audit
