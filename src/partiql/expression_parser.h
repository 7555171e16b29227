// Parses the expressions of a statement by the precedence of their operators.
#pragma once

#include "partiql/syntax.h"
#include "partiql/token_cursor.h"

namespace millrace::partiql {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenCursor& cursor) : cursor_(cursor) {}

  [[nodiscard]] Result<Expression> parse() { return parse_above(0); }
  // A name and steps of names and literals: what a statement writes to or reads from.
  [[nodiscard]] Result<Expression> parse_simple_path();

  [[nodiscard]] size_t parameter_count() const { return parameter_count_; }

 private:
  // Up to the first operator that does not bind tighter than `precedence`.
  Result<Expression> parse_above(int precedence);
  Result<Expression> parse_operators(int precedence);
  Result<Expression> parse_right_side(Expression left, const std::string& operator_text);
  Result<Expression> parse_between(Expression left, const std::string& operator_text);
  Result<Expression> parse_is(Expression left);
  Result<Expression> parse_sign();
  Result<Expression> parse_unary();
  Result<Expression> parse_path();
  Status parse_steps(Expression& path, bool simple);
  Result<Expression> parse_step(bool simple);
  Result<Expression> parse_term();
  Result<Expression> parse_keyword();
  Result<Expression> parse_symbol();
  Result<Expression> parse_group();
  Result<Expression> parse_call();
  Result<Expression> parse_tuple();
  // Up to and with `closer`, behind which it moves.
  Result<std::vector<Expression>> parse_list(std::string_view closer, std::string_view name);

  TokenCursor& cursor_;
  size_t parameter_count_ = 0;
  size_t depth_ = 0;
  size_t operators_ = 0;
};

}  // namespace millrace::partiql
