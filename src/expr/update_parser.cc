#include <array>

#include "expr/limits.h"
#include "expr/update_clauses.h"

namespace millrace::expr {
namespace {

struct Section {
  std::string_view keyword;
  UpdateAction::Kind kind;
};
constexpr auto kSections = std::to_array<Section>({{"SET", UpdateAction::Kind::kSet},
                                                   {"REMOVE", UpdateAction::Kind::kRemove},
                                                   {"ADD", UpdateAction::Kind::kAdd},
                                                   {"DELETE", UpdateAction::Kind::kDelete}});

class UpdateParser {
 public:
  explicit UpdateParser(Tokens& tokens) : tokens_(tokens) {}

  Result<UpdateClauses> parse() {
    do {
      TRY(parse_section());
    } while (!tokens_.at_end());
    if (operators_ > kOperatorsMax) return tokens_.error(too_many_operators());
    return std::move(clauses_);
  }

  // The keyword of the first section that comes twice, or empty.
  [[nodiscard]] std::string_view repeated_section() const { return repeated_; }

 private:
  Status parse_section() {
    for (size_t i = 0; i < kSections.size(); ++i) {
      if (!tokens_.accept_keyword(kSections.at(i).keyword)) continue;
      if (seen_.at(i) && repeated_.empty()) repeated_ = kSections.at(i).keyword;
      seen_.at(i) = true;
      do {
        clauses_.actions.push_back(TRY(parse_action(kSections.at(i).kind)));
      } while (tokens_.accept_symbol(","));
      return Done{};
    }
    return tokens_.unexpected();
  }

  Result<UpdateAction> parse_action(UpdateAction::Kind kind) {
    UpdateAction action;
    action.kind = kind;
    action.path = TRY(parse_path(tokens_));
    if (kind == UpdateAction::Kind::kSet) {
      TRY(tokens_.expect_symbol("="));
      action.operand = TRY(parse_set_value());
    } else if (kind != UpdateAction::Kind::kRemove) {
      if (tokens_.current().kind != TokenKind::kValuePlaceholder) return tokens_.unexpected();
      action.operand = TRY(parse_plain_operand(tokens_, operators_));
    }
    return action;
  }

  // One operand, or two with + or - between them, or either in parentheses.
  Result<Operand> parse_set_value() {
    if (!tokens_.accept_symbol("(")) return parse_sum();
    Operand inner = TRY(parse_sum());
    TRY(tokens_.expect_symbol(")"));
    if (inner.function == Function::kPlus || inner.function == Function::kMinus) return inner;
    return parse_rest_of_sum(std::move(inner));
  }

  Result<Operand> parse_sum() {
    Operand left = TRY(parse_operand(tokens_, operators_));
    return parse_rest_of_sum(std::move(left));
  }

  Result<Operand> parse_rest_of_sum(Operand left) {
    if (!tokens_.at_symbol("+") && !tokens_.at_symbol("-")) return left;
    Operand sum;
    sum.kind = Operand::Kind::kFunction;
    sum.name = tokens_.take().text;
    sum.function = function_of_name(sum.name);
    ++operators_;
    sum.arguments.push_back(std::move(left));
    sum.arguments.push_back(TRY(parse_operand(tokens_, operators_)));
    return sum;
  }

  Tokens& tokens_;
  UpdateClauses clauses_;
  std::array<bool, kSections.size()> seen_{};
  std::string_view repeated_;
  size_t operators_ = 0;
};

Problem misused_function(const Operand& operand) {
  if (is_condition_function(operand.function)) {
    return "The function is not allowed in an update expression; function: " + operand.name;
  }
  for (const Operand& argument : operand.arguments) {
    if (Problem problem = misused_function(argument)) return problem;
  }
  return std::nullopt;
}

template <typename Check>
Problem first_problem(const UpdateClauses& clauses, const Check& check) {
  for (const UpdateAction& action : clauses.actions) {
    if (Problem problem = check(action)) return problem;
  }
  return std::nullopt;
}

Problem unusable_name_in(const UpdateAction& action) {
  if (Problem problem = unusable_name(action.path)) return problem;
  if (action.kind != UpdateAction::Kind::kSet) return std::nullopt;
  return unusable_name(action.operand);
}

}  // namespace

Result<UpdateClauses> parse_update(Tokens& tokens) {
  TRY(tokens.check_nesting());
  UpdateParser parser(tokens);
  UpdateClauses clauses = TRY(parser.parse());
  if (tokens.has_redundant_parentheses()) {
    return tokens.error("The expression has redundant parentheses;");
  }
  Problem problem = first_problem(clauses, unusable_name_in);
  if (!problem) {
    problem = first_problem(
        clauses, [](const UpdateAction& action) { return unknown_function(action.operand); });
  }
  if (!problem) {
    problem = first_problem(
        clauses, [](const UpdateAction& action) { return misused_function(action.operand); });
  }
  if (problem) return tokens.error(*problem);
  if (!parser.repeated_section().empty()) {
    return tokens.error("The \"" + std::string(parser.repeated_section()) +
                        "\" section can only be used once in an update expression;");
  }
  return clauses;
}

}  // namespace millrace::expr
