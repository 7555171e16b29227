#include "expr/tokens.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "expr/limits.h"

namespace millrace::expr {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_part(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool equal_in_any_case(std::string_view text, std::string_view capitals) {
  return std::equal(text.begin(), text.end(), capitals.begin(), capitals.end(), [](char a, char b) {
    return a == b || (a >= 'a' && a <= 'z' && a - 'a' + 'A' == b);
  });
}

size_t length_while(std::string_view text, size_t from, bool (*accepts)(char)) {
  size_t end = from;
  while (end < text.size() && accepts(text[end])) ++end;
  return end;
}

// All bytes of the UTF-8 character at the front.
size_t character_length(std::string_view text) {
  size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return length;
}

constexpr std::array<std::string_view, 3> kTwoCharacters = {"<>", "<=", ">="};
constexpr std::string_view kOneCharacter = "()[].,+-=<>";

Token first_token(std::string_view text) {
  const char c = text[0];
  if (is_letter(c)) return {TokenKind::kName, text.substr(0, length_while(text, 1, is_name_part))};
  if (is_digit(c)) return {TokenKind::kInteger, text.substr(0, length_while(text, 1, is_digit))};
  if (c == '#' || c == ':') {
    const size_t end = length_while(text, 1, is_name_part);
    if (end == 1) return {TokenKind::kUnknown, text.substr(0, 1)};
    return {c == '#' ? TokenKind::kNamePlaceholder : TokenKind::kValuePlaceholder,
            text.substr(0, end)};
  }
  for (const std::string_view symbol : kTwoCharacters) {
    if (text.starts_with(symbol)) return {TokenKind::kSymbol, text.substr(0, 2)};
  }
  if (kOneCharacter.find(c) != std::string_view::npos) {
    return {TokenKind::kSymbol, text.substr(0, 1)};
  }
  return {TokenKind::kUnknown, text.substr(0, character_length(text))};
}

}  // namespace

Error expression_error(std::string_view parameter, std::string_view message) {
  return validation_error("Invalid " + std::string(parameter) + ": " + std::string(message));
}

Result<Tokens> Tokens::of(std::string_view text, std::string_view parameter,
                          std::initializer_list<std::string_view> keywords) {
  Tokens tokens(parameter);
  tokens.keywords_ = keywords;
  if (text.empty()) return tokens.error("The expression can not be empty;");
  if (text.size() > kExpressionBytesMax) {
    return tokens.error("Expression size has exceeded the maximum allowed size; expression size: " +
                        std::to_string(text.size()));
  }
  std::string_view rest = text;
  while (true) {
    while (!rest.empty() && is_space(rest[0])) rest.remove_prefix(1);
    if (rest.empty()) break;
    tokens.tokens_.push_back(first_token(rest));
    rest.remove_prefix(tokens.tokens_.back().text.size());
  }
  tokens.tokens_.push_back({TokenKind::kEnd, rest});
  return tokens;
}

const Token& Tokens::take() {
  MILLRACE_CHECK(!at_end());
  return tokens_[at_++];
}

bool Tokens::at_name() const {
  return current().kind == TokenKind::kName && !is_keyword(current());
}

bool Tokens::accept_symbol(std::string_view symbol) {
  const bool found = at_symbol(symbol);
  if (found) ++at_;
  return found;
}

bool Tokens::accept_keyword(std::string_view keyword) {
  const bool found = at_keyword(keyword);
  if (found) ++at_;
  return found;
}

Status Tokens::expect_symbol(std::string_view symbol) {
  if (!accept_symbol(symbol)) return unexpected();
  return Done{};
}

Status Tokens::expect_keyword(std::string_view keyword) {
  if (!accept_keyword(keyword)) return unexpected();
  return Done{};
}

Error Tokens::error(std::string_view message) const {
  return expression_error(parameter_, message);
}

Status Tokens::check_nesting() const {
  size_t depth = 0;
  size_t deepest = 0;
  for (size_t at = 0; at < tokens_.size(); ++at) {
    if (symbol_at(at, "(")) deepest = std::max(deepest, ++depth);
    if (symbol_at(at, ")") && depth-- == 0) return unexpected_at(at);
  }
  // Each pair that is not redundant encloses an operator or function of its own.
  if (deepest <= kOperatorsMax + 1) return Done{};
  if (depth > 0) return unexpected_at(tokens_.size() - 1);
  if (has_redundant_parentheses()) return error("The expression has redundant parentheses;");
  return error(too_many_operators());
}

bool Tokens::has_redundant_parentheses() const {
  std::vector<size_t> open;
  size_t last_open = 0;  // of the group that closed at the token before
  size_t last_close = 0;
  for (size_t at = 0; at < tokens_.size(); ++at) {
    if (symbol_at(at, "(")) open.push_back(at);
    if (!symbol_at(at, ")") || open.empty()) continue;
    const size_t start = open.back();
    open.pop_back();
    const bool encloses_group = last_close + 1 == at && last_open == start + 1;
    if (encloses_group && groups_at(start) && groups_at(last_open)) return true;
    last_open = start;
    last_close = at;
  }
  return false;
}

bool Tokens::symbol_at(size_t at, std::string_view symbol) const {
  return tokens_[at].kind == TokenKind::kSymbol && tokens_[at].text == symbol;
}

bool Tokens::keyword_at(size_t at, std::string_view keyword) const {
  return tokens_[at].kind == TokenKind::kName && equal_in_any_case(tokens_[at].text, keyword);
}

bool Tokens::is_keyword(const Token& token) const {
  return std::any_of(keywords_.begin(), keywords_.end(), [&](std::string_view keyword) {
    return equal_in_any_case(token.text, keyword);
  });
}

bool Tokens::function_at(size_t at) const {
  return tokens_[at].kind == TokenKind::kName && !is_keyword(tokens_[at]) && symbol_at(at + 1, "(");
}

bool Tokens::groups_at(size_t at) const {
  return at == 0 || !(function_at(at - 1) || keyword_at(at - 1, "IN"));
}

Error Tokens::unexpected_at(size_t at) const {
  const Token& token = tokens_[at];
  const bool is_end = token.kind == TokenKind::kEnd;
  const Token& first = at > 0 ? tokens_[at - 1] : token;
  const bool next_is_text = !is_end && tokens_[at + 1].kind != TokenKind::kEnd;
  const Token& last = next_is_text ? tokens_[at + 1] : (is_end ? first : token);
  const std::string_view near(
      first.text.data(),
      static_cast<size_t>(last.text.data() - first.text.data()) + last.text.size());
  return error("Syntax error; token: \"" + std::string(is_end ? "<EOF>" : token.text) +
               "\", near: \"" + std::string(near) + "\"");
}

}  // namespace millrace::expr
