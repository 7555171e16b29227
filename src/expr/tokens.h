// The text of an expression as tokens, and the cursor that parsers move over them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::expr {

enum class TokenKind {
  kName,              // a
  kNamePlaceholder,   // #a
  kValuePlaceholder,  // :a
  kInteger,           // 12
  kSymbol,            // ( ) [ ] . , + - = <> < <= > >=
  kUnknown,           // one character that no expression can hold
  kEnd,
};

struct Token {
  TokenKind kind;
  std::string_view text;
};

// Reads tokens in order. The text must outlive it.
class Tokens {
 public:
  // Fails on a text that is empty or longer than 4096 bytes. `parameter` names the request's
  // parameter in messages. `keywords`, in capitals, are no names, in any case.
  static Result<Tokens> of(std::string_view text, std::string_view parameter,
                           std::initializer_list<std::string_view> keywords);

  [[nodiscard]] const Token& current() const { return tokens_[at_]; }
  // Asserts that current() is not the end.
  const Token& take();

  [[nodiscard]] bool at_end() const { return current().kind == TokenKind::kEnd; }
  [[nodiscard]] bool at_symbol(std::string_view symbol) const { return symbol_at(at_, symbol); }
  [[nodiscard]] bool at_keyword(std::string_view keyword) const { return keyword_at(at_, keyword); }
  // A name before an opening parenthesis.
  [[nodiscard]] bool at_function() const { return function_at(at_); }
  // A name that is no keyword.
  [[nodiscard]] bool at_name() const;

  bool accept_symbol(std::string_view symbol);
  bool accept_keyword(std::string_view keyword);
  Status expect_symbol(std::string_view symbol);
  Status expect_keyword(std::string_view keyword);

  // "Syntax error; token: ..., near: ..." at the current token.
  [[nodiscard]] Error unexpected() const { return unexpected_at(at_); }
  // "Invalid <parameter>: <message>".
  [[nodiscard]] Error error(std::string_view message) const;

  // Bounds the recursion of parsers: fails on parentheses nested deeper than any valid
  // expression's.
  [[nodiscard]] Status check_nesting() const;
  // Whether a pair of parentheses directly encloses another one; those of a function's arguments
  // and of IN do not count.
  [[nodiscard]] bool has_redundant_parentheses() const;

 private:
  explicit Tokens(std::string_view parameter) : parameter_(parameter) {}

  [[nodiscard]] bool symbol_at(size_t at, std::string_view symbol) const;
  [[nodiscard]] bool keyword_at(size_t at, std::string_view keyword) const;
  [[nodiscard]] bool is_keyword(const Token& token) const;
  [[nodiscard]] bool function_at(size_t at) const;
  // Whether the opening parenthesis there only groups.
  [[nodiscard]] bool groups_at(size_t at) const;
  [[nodiscard]] Error unexpected_at(size_t at) const;

  std::string parameter_;
  std::vector<std::string_view> keywords_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

// "Invalid <parameter>: <message>".
[[nodiscard]] Error expression_error(std::string_view parameter, std::string_view message);

}  // namespace millrace::expr
