#include "expr/condition.h"

#include "base/check.h"
#include "expr/condition_node.h"

namespace millrace::expr {
namespace {

using Names = std::set<std::string, std::less<>>;

void collect_names(const ConditionNode& node, Names& names);

void collect_names(const Operand& operand, Names& names) {
  if (operand.kind == Operand::Kind::kPath) names.insert(operand.path.front().name);
  for (const Operand& argument : operand.arguments) collect_names(argument, names);
  if (operand.condition) collect_names(*operand.condition, names);
}

void collect_names(const ConditionNode& node, Names& names) {
  for (const ConditionNode& child : node.children) collect_names(child, names);
  for (const Operand& operand : node.operands) collect_names(operand, names);
}

}  // namespace

Result<Condition> Condition::parse(std::string_view text, std::string_view parameter) {
  Tokens tokens = TRY(Tokens::of(text, parameter, {"AND", "OR", "NOT", "BETWEEN", "IN"}));
  auto root = std::make_shared<const ConditionNode>(TRY(parse_condition(tokens)));
  return Condition(std::string(parameter), std::move(root), false);
}

Condition Condition::of_node(ConditionNode root) {
  return Condition({}, std::make_shared<const ConditionNode>(std::move(root)), true);
}

Result<Condition> Condition::bind(Placeholders& placeholders) const {
  auto root = std::make_shared<ConditionNode>(*root_);
  if (const Problem problem = resolve_condition(*root, placeholders)) {
    return expression_error(parameter_, *problem);
  }
  return Condition(parameter_, std::move(root), true);
}

bool Condition::matches(const Item& item) const {
  MILLRACE_CHECK(bound_);
  return evaluate_condition(*root_, item);
}

Names Condition::attribute_names() const {
  MILLRACE_CHECK(bound_);
  Names names;
  collect_names(*root_, names);
  return names;
}

}  // namespace millrace::expr
