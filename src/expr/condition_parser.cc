#include <array>

#include "expr/condition_node.h"
#include "expr/limits.h"

namespace millrace::expr {
namespace {

struct ComparatorRow {
  std::string_view symbol;
  Comparator comparator;
};
constexpr auto kComparators = std::to_array<ComparatorRow>({{"=", Comparator::kEqual},
                                                            {"<>", Comparator::kNotEqual},
                                                            {"<", Comparator::kLess},
                                                            {"<=", Comparator::kLessOrEqual},
                                                            {">", Comparator::kGreater},
                                                            {">=", Comparator::kGreaterOrEqual}});

// Until the token behind it is seen, `(a)` may be an operand or stand in a condition's place.
struct Term {
  bool is_condition = false;
  ConditionNode condition;
  Operand operand;
};

Term condition_term(ConditionNode node) {
  Term term;
  term.is_condition = true;
  term.condition = std::move(node);
  return term;
}

class ConditionParser {
 public:
  explicit ConditionParser(Tokens& tokens) : tokens_(tokens) {}

  Result<ConditionNode> parse() {
    Term term = TRY(parse_or());
    ConditionNode root = TRY(as_condition(std::move(term)));
    if (!tokens_.at_end()) return tokens_.unexpected();
    if (operators_ > kOperatorsMax) return tokens_.error(too_many_operators());
    return root;
  }

 private:
  Result<ConditionNode> as_condition(Term term) {
    if (term.is_condition) return std::move(term.condition);
    if (term.operand.kind != Operand::Kind::kFunction) return tokens_.unexpected();
    ConditionNode node;
    node.operands.push_back(std::move(term.operand));
    return node;
  }

  Result<Term> parse_or() {
    return parse_chain("OR", ConditionNode::Kind::kOr, &ConditionParser::parse_and);
  }
  Result<Term> parse_and() {
    return parse_chain("AND", ConditionNode::Kind::kAnd, &ConditionParser::parse_not);
  }

  Result<Term> parse_chain(std::string_view keyword, ConditionNode::Kind kind,
                           Result<Term> (ConditionParser::*parse_link)()) {
    Term first = TRY((this->*parse_link)());
    if (!tokens_.at_keyword(keyword)) return first;
    ConditionNode chain;
    chain.kind = kind;
    chain.children.push_back(TRY(as_condition(std::move(first))));
    while (tokens_.accept_keyword(keyword)) {
      ++operators_;
      Term next = TRY((this->*parse_link)());
      chain.children.push_back(TRY(as_condition(std::move(next))));
    }
    return condition_term(std::move(chain));
  }

  Result<Term> parse_not() {
    size_t negations = 0;
    while (tokens_.accept_keyword("NOT")) ++negations;
    Term term = TRY(parse_comparison());
    if (negations == 0) return term;
    operators_ += negations;
    ConditionNode inner = TRY(as_condition(std::move(term)));
    if (negations % 2 == 0) return condition_term(std::move(inner));
    ConditionNode negated;
    negated.kind = ConditionNode::Kind::kNot;
    negated.children.push_back(std::move(inner));
    return condition_term(std::move(negated));
  }

  Result<Term> parse_comparison() {
    Term left = TRY(parse_primary());
    if (left.is_condition) return left;
    ConditionNode node;
    node.operands.push_back(left.operand);
    if (tokens_.accept_keyword("BETWEEN")) {
      node.kind = ConditionNode::Kind::kBetween;
      node.operands.push_back(TRY(parse_right_operand()));
      TRY(tokens_.expect_keyword("AND"));
      node.operands.push_back(TRY(parse_right_operand()));
    } else if (tokens_.accept_keyword("IN")) {
      node.kind = ConditionNode::Kind::kIn;
      TRY(tokens_.expect_symbol("("));
      do {
        node.operands.push_back(TRY(parse_right_operand()));
      } while (tokens_.accept_symbol(","));
      TRY(tokens_.expect_symbol(")"));
    } else if (accept_comparator(node.comparator)) {
      node.kind = ConditionNode::Kind::kComparison;
      node.operands.push_back(TRY(parse_right_operand()));
    } else {
      return left;
    }
    ++operators_;
    return condition_term(std::move(node));
  }

  bool accept_comparator(Comparator& comparator) {
    for (const ComparatorRow& row : kComparators) {
      if (!tokens_.accept_symbol(row.symbol)) continue;
      comparator = row.comparator;
      return true;
    }
    return false;
  }

  Result<Term> parse_primary() {
    if (!tokens_.accept_symbol("(")) {
      Term term;
      term.operand = TRY(parse_plain_operand(tokens_, operators_));
      return term;
    }
    Term inner = TRY(parse_or());
    TRY(tokens_.expect_symbol(")"));
    if (!inner.is_condition) TRY(extend_path(inner.operand));
    return inner;
  }

  Result<Operand> parse_right_operand() {
    if (!tokens_.accept_symbol("(")) return parse_plain_operand(tokens_, operators_);
    Operand operand = TRY(parse_right_operand());
    TRY(tokens_.expect_symbol(")"));
    TRY(extend_path(operand));
    return operand;
  }

  // The service reads `(a.b).c` as `a.b.c`, though only in conditions.
  Status extend_path(Operand& operand) {
    if (operand.kind != Operand::Kind::kPath) return Done{};
    return parse_path_steps(tokens_, operand.path);
  }

  Tokens& tokens_;
  size_t operators_ = 0;
};

Problem misused_function(const Operand& operand, bool as_condition) {
  for (const Operand& argument : operand.arguments) {
    if (Problem problem = misused_function(argument, false)) return problem;
  }
  if (operand.kind != Operand::Kind::kFunction) return std::nullopt;
  if (is_update_function(operand.function)) {
    return "The function is not allowed in a condition expression; function: " + operand.name;
  }
  if (as_condition != (operand.function == Function::kSize)) return std::nullopt;
  return "The function is not allowed to be used this way in an expression; function: " +
         operand.name;
}

// `check` on all operands in reading order.
template <typename Check>
Problem first_problem(const ConditionNode& node, const Check& check) {
  for (const ConditionNode& child : node.children) {
    if (Problem problem = first_problem(child, check)) return problem;
  }
  for (const Operand& operand : node.operands) {
    if (Problem problem = check(operand, node.kind == ConditionNode::Kind::kFunction)) {
      return problem;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string ConditionNode::operator_name() const {
  if (kind == Kind::kBetween) return "BETWEEN";
  if (kind == Kind::kIn) return "IN";
  if (kind == Kind::kFunction) return operands.front().name;
  return std::string(kComparators.at(static_cast<size_t>(comparator)).symbol);
}

Result<ConditionNode> parse_condition(Tokens& tokens) {
  TRY(tokens.check_nesting());
  ConditionNode root = TRY(ConditionParser(tokens).parse());
  if (tokens.has_redundant_parentheses()) {
    return tokens.error("The expression has redundant parentheses;");
  }
  Problem problem =
      first_problem(root, [](const Operand& operand, bool) { return unknown_function(operand); });
  if (!problem) problem = first_problem(root, misused_function);
  if (!problem) {
    problem =
        first_problem(root, [](const Operand& operand, bool) { return unusable_name(operand); });
  }
  if (problem) return tokens.error(*problem);
  return root;
}

}  // namespace millrace::expr
