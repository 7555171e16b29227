#include "partiql/expression_parser.h"

#include <algorithm>
#include <array>

#include "expr/limits.h"
#include "partiql/keywords.h"

namespace millrace::partiql {
namespace {

using Kind = Expression::Kind;

// Far above the nesting that any value or condition may have; keeps the recursion bounded.
constexpr size_t kDepthMax = 400;

constexpr int kPrecedenceOr = 10;
constexpr int kPrecedenceAnd = 20;
constexpr int kPrecedenceNot = 30;

struct OperatorRow {
  std::string_view text;
  int precedence;
};
constexpr auto kSymbols = std::to_array<OperatorRow>({{"=", 40},
                                                      {"<>", 40},
                                                      {"<", 50},
                                                      {"<=", 50},
                                                      {">", 50},
                                                      {">=", 50},
                                                      {"+", 60},
                                                      {"-", 60},
                                                      {"||", 60},
                                                      {"*", 70},
                                                      {"/", 70},
                                                      {"%", 70}});
constexpr auto kWords = std::to_array<OperatorRow>({{"or", kPrecedenceOr},
                                                    {"and", kPrecedenceAnd},
                                                    {"is", 40},
                                                    {"in", 40},
                                                    {"between", 50},
                                                    {"like", 50}});

const OperatorRow* find_operator(const Token& token) {
  auto find = [&](const auto& rows) -> const OperatorRow* {
    const auto* found = std::find_if(
        rows.begin(), rows.end(), [&](const OperatorRow& row) { return row.text == token.text; });
    return found == rows.end() ? nullptr : &*found;
  };
  if (token.kind == TokenKind::kSymbol) return find(kSymbols);
  return token.kind == TokenKind::kKeyword ? find(kWords) : nullptr;
}

// IN, BETWEEN and LIKE may stand behind NOT.
const OperatorRow* find_infix(const TokenCursor& cursor) {
  for (const OperatorRow& row : kWords) {
    const bool negatable = row.text == "in" || row.text == "between" || row.text == "like";
    if (negatable && cursor.at_keywords("not", row.text)) return &row;
  }
  return find_operator(cursor.current());
}

Expression atom(Kind kind, const Token& token) {
  return {kind, token.text, token.position};
}

Expression operation(std::string text, std::vector<Expression> operands) {
  const Position position = operands.front().position;
  return {Kind::kOperator, std::move(text), position, std::move(operands)};
}

bool is_number(const Expression& expression) {
  return expression.kind == Kind::kNumber;
}

Error missing_right_side() {
  return not_well_formed("Missing right-hand side expression of infix operator");
}

}  // namespace

Result<Expression> ExpressionParser::parse_above(int precedence) {
  if (++depth_ > kDepthMax) return not_well_formed("");
  auto parsed = parse_operators(precedence);
  --depth_;
  return parsed;
}

Result<Expression> ExpressionParser::parse_operators(int precedence) {
  Expression left = TRY(parse_unary());
  while (const OperatorRow* row = find_infix(cursor_)) {
    if (row->precedence <= precedence) break;
    if (++operators_ > expr::kOperatorsMax) {
      return validation_error(expr::too_many_operators());
    }
    std::string text(row->text);
    if (cursor_.accept_keyword("not")) text = "not " + text;
    if (text == "is") {
      left = TRY(parse_is(std::move(left)));
      continue;
    }
    if (cursor_.at_last()) return missing_right_side();
    cursor_.take();
    if (row->text == "between") {
      left = TRY(parse_between(std::move(left), text));
      continue;
    }
    Expression right;
    if (row->text == "in" && cursor_.accept_symbol("(")) {
      right.kind = Kind::kList;
      right.operands = TRY(parse_list(")", "RIGHT_PAREN"));
    } else {
      right = TRY(parse_above(row->precedence));
    }
    const bool chains = text == "and" || text == "or";
    if (chains && left.kind == Kind::kOperator && left.text == text) {
      left.operands.push_back(std::move(right));
    } else {
      left = operation(std::move(text), {std::move(left), std::move(right)});
    }
  }
  return left;
}

Result<Expression> ExpressionParser::parse_between(Expression left,
                                                   const std::string& operator_text) {
  constexpr int kPrecedence = 50;
  Expression lower = TRY(parse_above(kPrecedence));
  if (!cursor_.accept_keyword("and")) return not_well_formed("Expected and");
  if (cursor_.at_end_of_statement()) return not_well_formed("Expected expression after AND");
  Expression upper = TRY(parse_above(kPrecedence));
  return operation(operator_text, {std::move(left), std::move(lower), std::move(upper)});
}

Result<Expression> ExpressionParser::parse_is(Expression left) {
  cursor_.take();
  const bool negated = cursor_.accept_keyword("not");
  const Token token = cursor_.current();
  std::string type = token.text;
  for (const auto& [first, second] : {std::pair("character", "varying"), {"double", "precision"}}) {
    if (!cursor_.at_keywords(first, second)) continue;
    cursor_.take();
    type = std::string(first) + " " + second;
  }
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const bool is_word = token.kind == TokenKind::kKeyword || token.kind == TokenKind::kIdentifier;
  if (!is_word || !is_type_name(type)) return not_well_formed("Expected type name");
  cursor_.take();
  const Position position = left.position;
  Expression test{Kind::kIs, std::move(type), position, {std::move(left)}};
  if (!negated) return test;
  return operation("not", {std::move(test)});
}

// A sign becomes part of a number.
Result<Expression> ExpressionParser::parse_sign() {
  const Token sign = cursor_.take();
  if (++depth_ > kDepthMax) return not_well_formed("");
  Expression operand = TRY(parse_unary());
  --depth_;
  if (!is_number(operand)) {
    return Expression{Kind::kOperator, sign.text, sign.position, {std::move(operand)}};
  }
  if (sign.text == "-") {
    if (operand.text.starts_with('-')) {
      operand.text.erase(0, 1);
    } else {
      operand.text.insert(0, 1, '-');
    }
  }
  return operand;
}

Result<Expression> ExpressionParser::parse_unary() {
  if (cursor_.at_symbol("+") || cursor_.at_symbol("-")) return parse_sign();
  if (!cursor_.at_keyword("not")) return parse_path();
  const Token token = cursor_.take();
  if (++operators_ > expr::kOperatorsMax) {
    return validation_error(expr::too_many_operators());
  }
  Expression operand = TRY(parse_above(kPrecedenceNot));
  return Expression{Kind::kOperator, "not", token.position, {std::move(operand)}};
}

Result<Expression> ExpressionParser::parse_simple_path() {
  if (!cursor_.at_name()) return not_well_formed("Expected identifier for simple path");
  Expression path = atom(Kind::kName, cursor_.take());
  TRY(parse_steps(path, true));
  return path;
}

Result<Expression> ExpressionParser::parse_path() {
  Expression term = TRY(parse_term());
  TRY(parse_steps(term, false));
  return term;
}

// Makes a path of `path` if steps follow it.
Status ExpressionParser::parse_steps(Expression& path, bool simple) {
  while (cursor_.at_symbol(".") || cursor_.at_symbol("[")) {
    if (path.kind != Kind::kPath) {
      const Position position = path.position;
      path = Expression{Kind::kPath, "", position, {std::move(path)}};
    }
    path.operands.push_back(TRY(parse_step(simple)));
  }
  return Done{};
}

Result<Expression> ExpressionParser::parse_step(bool simple) {
  if (cursor_.accept_symbol(".")) {
    if (cursor_.at_name()) return atom(Kind::kString, cursor_.take());
    if (simple && cursor_.at_symbol("*")) {
      return not_well_formed("Invalid path dot component for simple path");
    }
    return not_well_formed("Invalid path dot component");
  }
  cursor_.take();
  Expression step = TRY(parse());
  TRY(cursor_.expect_symbol("]", "RIGHT_BRACKET"));
  if (simple && step.kind != Kind::kNumber && step.kind != Kind::kString) {
    return not_well_formed("Invalid path component for simple path");
  }
  return step;
}

Result<Expression> ExpressionParser::parse_term() {
  const Token& token = cursor_.current();
  switch (token.kind) {
    case TokenKind::kKeyword:
      return parse_keyword();
    case TokenKind::kIdentifier:
    case TokenKind::kQuotedIdentifier:
      if (cursor_.before_symbol("(")) return parse_call();
      return atom(Kind::kName, cursor_.take());
    case TokenKind::kString:
      return atom(Kind::kString, cursor_.take());
    case TokenKind::kNumber:
      return atom(Kind::kNumber, cursor_.take());
    case TokenKind::kSymbol:
      return parse_symbol();
    case TokenKind::kEnd:
      break;
  }
  return not_well_formed("Unexpected term");
}

Result<Expression> ExpressionParser::parse_keyword() {
  const Token& token = cursor_.current();
  if (token.text == "true" || token.text == "false") return atom(Kind::kBoolean, cursor_.take());
  if (token.text == "null") return atom(Kind::kNull, cursor_.take());
  if (token.text == "missing") return atom(Kind::kMissing, cursor_.take());
  if (is_function_keyword(token.text) && cursor_.before_symbol("(")) return parse_call();
  // A FROM inside an expression begins an update of its own; a misspelt SELECT ends here.
  if (token.text == "from") return not_well_formed("Expected data manipulation");
  if (find_operator(token) != nullptr) return not_well_formed("Unexpected operator");
  return not_well_formed("Unexpected keyword");
}

Result<Expression> ExpressionParser::parse_symbol() {
  if (find_operator(cursor_.current()) != nullptr && !cursor_.at_symbol("*")) {
    return not_well_formed("Unexpected operator");
  }
  const Token token = cursor_.take();
  if (token.text == "(") return parse_group();
  if (token.text == "?") {
    Expression parameter = atom(Kind::kParameter, token);
    parameter.parameter = parameter_count_++;
    return parameter;
  }
  if (token.text == "{") return parse_tuple();
  Expression collection = atom(Kind::kList, token);
  if (token.text == "[") {
    collection.operands = TRY(parse_list("]", "RIGHT_BRACKET"));
    return collection;
  }
  if (token.text == "<<") {
    collection.kind = Kind::kBag;
    collection.operands = TRY(parse_list(">>", "RIGHT_DOUBLE_ANGLE_BRACKET"));
    return collection;
  }
  return not_well_formed("Unexpected term");
}

// More than one expression in parentheses is a list.
Result<Expression> ExpressionParser::parse_group() {
  std::vector<Expression> operands = TRY(parse_list(")", "RIGHT_PAREN"));
  if (operands.empty()) return not_well_formed("Expression group cannot be empty");
  if (operands.size() == 1) return std::move(operands.front());
  const Position position = operands.front().position;
  return Expression{Kind::kList, "", position, std::move(operands)};
}

Result<Expression> ExpressionParser::parse_call() {
  Expression call = atom(Kind::kCall, cursor_.take());
  std::transform(call.text.begin(), call.text.end(), call.text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  cursor_.take();
  if (call.text == "count" && cursor_.at_symbol("*") && cursor_.before_symbol(")")) {
    cursor_.take();
    cursor_.take();
    return call;
  }
  call.operands = TRY(parse_list(")", "RIGHT_PAREN"));
  return call;
}

Result<Expression> ExpressionParser::parse_tuple() {
  Expression tuple;
  tuple.kind = Kind::kTuple;
  tuple.position = cursor_.current().position;
  if (cursor_.accept_symbol("}")) return tuple;
  do {
    tuple.operands.push_back(TRY(parse()));
    TRY(cursor_.expect_symbol(":", "COLON"));
    tuple.operands.push_back(TRY(parse()));
  } while (cursor_.accept_symbol(","));
  TRY(cursor_.expect_symbol("}", "RIGHT_CURLY"));
  return tuple;
}

Result<std::vector<Expression>> ExpressionParser::parse_list(std::string_view closer,
                                                             std::string_view name) {
  std::vector<Expression> operands;
  if (cursor_.accept_symbol(closer)) return operands;
  do {
    operands.push_back(TRY(parse()));
  } while (cursor_.accept_symbol(","));
  TRY(cursor_.expect_symbol(closer, name));
  return operands;
}

}  // namespace millrace::partiql
