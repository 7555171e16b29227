#include <charconv>

#include "expr/limits.h"
#include "expr/operand.h"

namespace millrace::expr {
namespace {

Result<PathStep> parse_name(Tokens& tokens) {
  if (!tokens.at_name() && tokens.current().kind != TokenKind::kNamePlaceholder) {
    return tokens.unexpected();
  }
  return PathStep::of_name(std::string(tokens.take().text));
}

Result<PathStep> parse_index(Tokens& tokens) {
  if (tokens.current().kind != TokenKind::kInteger) return tokens.unexpected();
  const std::string_view digits = tokens.take().text;
  size_t index = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  // What does not fit is above every allowed index, which the check of names reports.
  if (failure != std::errc()) index = SIZE_MAX;
  TRY(tokens.expect_symbol("]"));
  PathStep step = PathStep::of_index(index);
  if (index > kListIndexMax) step.name = digits;
  return step;
}

Result<Operand> parse_function(Tokens& tokens, size_t& operators) {
  Operand operand;
  operand.kind = Operand::Kind::kFunction;
  operand.name = tokens.take().text;
  operand.function = function_of_name(operand.name);
  ++operators;
  TRY(tokens.expect_symbol("("));
  do {
    operand.arguments.push_back(TRY(parse_operand(tokens, operators)));
  } while (tokens.accept_symbol(","));
  TRY(tokens.expect_symbol(")"));
  return operand;
}

}  // namespace

Status parse_path_steps(Tokens& tokens, Path& path) {
  while (true) {
    if (tokens.accept_symbol(".")) {
      path.push_back(TRY(parse_name(tokens)));
    } else if (tokens.accept_symbol("[")) {
      path.push_back(TRY(parse_index(tokens)));
    } else {
      return Done{};
    }
  }
}

Result<Path> parse_path(Tokens& tokens) {
  Path path;
  path.push_back(TRY(parse_name(tokens)));
  TRY(parse_path_steps(tokens, path));
  return path;
}

Result<Operand> parse_plain_operand(Tokens& tokens, size_t& operators) {
  if (tokens.at_function()) return parse_function(tokens, operators);
  Operand operand;
  if (tokens.current().kind == TokenKind::kValuePlaceholder) {
    operand.kind = Operand::Kind::kValue;
    operand.name = tokens.take().text;
    return operand;
  }
  operand.path = TRY(parse_path(tokens));
  return operand;
}

Result<Operand> parse_operand(Tokens& tokens, size_t& operators) {
  if (!tokens.accept_symbol("(")) return parse_plain_operand(tokens, operators);
  Operand operand = TRY(parse_operand(tokens, operators));
  TRY(tokens.expect_symbol(")"));
  return operand;
}

}  // namespace millrace::expr
