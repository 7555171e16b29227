// The syntax tree of a condition.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "expr/operand.h"
#include "expr/tokens.h"

namespace millrace::expr {

enum class Comparator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct ConditionNode {
  enum class Kind { kAnd, kOr, kNot, kComparison, kBetween, kIn, kFunction };

  Kind kind = Kind::kFunction;
  Comparator comparator = Comparator::kEqual;
  // Of kAnd and kOr two or more, of kNot one.
  std::vector<ConditionNode> children;
  // Of the others. A function is the one operand of its node.
  std::vector<Operand> operands;

  // "=", "BETWEEN", ... as messages name it. Only for those with operands.
  [[nodiscard]] std::string operator_name() const;
};

Result<ConditionNode> parse_condition(Tokens& tokens);

// Replaces all placeholders and checks the operands, one comparison or function after the other.
[[nodiscard]] Problem resolve_condition(ConditionNode& node, Placeholders& placeholders);

// The same checks for a tree that never had placeholders.
[[nodiscard]] Problem check_condition(const ConditionNode& node);

// Of a resolved condition.
[[nodiscard]] bool evaluate_condition(const ConditionNode& node, const Item& item);

}  // namespace millrace::expr
