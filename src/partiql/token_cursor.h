// The cursor that parsers move over a statement's tokens.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "partiql/tokens.h"

namespace millrace::partiql {

class TokenCursor {
 public:
  explicit TokenCursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] const Token& current() const { return tokens_[at_]; }
  // Asserts that current() is not the end.
  const Token& take() {
    MILLRACE_CHECK(!at_end());
    return tokens_[at_++];
  }

  [[nodiscard]] bool at_end() const { return is(at_, TokenKind::kEnd, ""); }
  // Nothing follows the current token.
  [[nodiscard]] bool at_last() const { return !at_end() && is(at_ + 1, TokenKind::kEnd, ""); }
  // At the end, or at a semicolon before it.
  [[nodiscard]] bool at_end_of_statement() const {
    return at_end() || (at_symbol(";") && at_last());
  }
  [[nodiscard]] bool at_symbol(std::string_view symbol) const {
    return is(at_, TokenKind::kSymbol, symbol);
  }
  [[nodiscard]] bool at_keyword(std::string_view keyword) const {
    return is(at_, TokenKind::kKeyword, keyword);
  }
  // One keyword right behind another.
  [[nodiscard]] bool at_keywords(std::string_view first, std::string_view second) const {
    return at_keyword(first) && is(at_ + 1, TokenKind::kKeyword, second);
  }
  [[nodiscard]] bool before_symbol(std::string_view symbol) const {
    return !at_end() && is(at_ + 1, TokenKind::kSymbol, symbol);
  }
  [[nodiscard]] bool at_name() const {
    return current().kind == TokenKind::kIdentifier ||
           current().kind == TokenKind::kQuotedIdentifier;
  }

  bool accept_symbol(std::string_view symbol) { return move_if(at_symbol(symbol)); }
  bool accept_keyword(std::string_view keyword) { return move_if(at_keyword(keyword)); }
  // "Expected <name>" unless it is there.
  Status expect_symbol(std::string_view symbol, std::string_view name) {
    if (accept_symbol(symbol)) return Done{};
    return not_well_formed("Expected " + std::string(name));
  }

 private:
  [[nodiscard]] bool is(size_t at, TokenKind kind, std::string_view text) const {
    return tokens_[at].kind == kind && tokens_[at].text == text;
  }
  bool move_if(bool condition) {
    if (condition) ++at_;
    return condition;
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace millrace::partiql
