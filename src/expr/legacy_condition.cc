#include "expr/legacy_condition.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/check.h"
#include "expr/comparison.h"
#include "expr/condition_node.h"

namespace millrace::expr {
namespace {

using Kind = ConditionNode::Kind;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

enum class OperandTypes { kAny, kScalar, kOrdered, kText };

struct Rule {
  ComparisonOperator comparison;
  std::string_view name;
  size_t operands_min;
  size_t operands_max;
  OperandTypes types = OperandTypes::kAny;
};

constexpr std::array<Rule, 13> kRules = {{
    {ComparisonOperator::kEqual, "EQ", 1, 1},
    {ComparisonOperator::kNotEqual, "NE", 1, 1},
    {ComparisonOperator::kLess, "LT", 1, 1, OperandTypes::kOrdered},
    {ComparisonOperator::kLessOrEqual, "LE", 1, 1, OperandTypes::kOrdered},
    {ComparisonOperator::kGreater, "GT", 1, 1, OperandTypes::kOrdered},
    {ComparisonOperator::kGreaterOrEqual, "GE", 1, 1, OperandTypes::kOrdered},
    {ComparisonOperator::kNotNull, "NOT_NULL", 0, 0},
    {ComparisonOperator::kNull, "NULL", 0, 0},
    {ComparisonOperator::kContains, "CONTAINS", 1, 1, OperandTypes::kScalar},
    {ComparisonOperator::kNotContains, "NOT_CONTAINS", 1, 1, OperandTypes::kScalar},
    {ComparisonOperator::kBeginsWith, "BEGINS_WITH", 1, 1, OperandTypes::kText},
    {ComparisonOperator::kIn, "IN", 1, std::numeric_limits<size_t>::max(), OperandTypes::kOrdered},
    {ComparisonOperator::kBetween, "BETWEEN", 2, 2, OperandTypes::kOrdered},
}};

const Rule& rule_of(ComparisonOperator comparison) {
  const auto* found = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const Rule& rule) { return rule.comparison == comparison; });
  MILLRACE_CHECK(found != kRules.end());
  return *found;
}

bool takes(OperandTypes types, AttributeType type) {
  switch (type) {
    case AttributeType::kString:
    case AttributeType::kBinary:
      return true;
    case AttributeType::kNumber:
      return types != OperandTypes::kText;
    case AttributeType::kBoolean:
    case AttributeType::kNull:
      return types == OperandTypes::kAny || types == OperandTypes::kScalar;
    default:
      return types == OperandTypes::kAny;
  }
}

Operand path_operand(const std::string& attribute_name) {
  Operand operand;
  operand.path.push_back(PathStep::of_name(attribute_name));
  return operand;
}

Operand value_operand(const AttributeValue& value) {
  Operand operand;
  operand.kind = Operand::Kind::kValue;
  operand.value = value;
  return operand;
}

// The attribute, then the values.
std::vector<Operand> operands_of(const LegacyCondition& condition) {
  std::vector<Operand> operands = {path_operand(condition.attribute_name)};
  for (const AttributeValue& value : condition.operands) operands.push_back(value_operand(value));
  return operands;
}

ConditionNode comparison_node(Comparator comparator, const LegacyCondition& condition) {
  ConditionNode node;
  node.kind = Kind::kComparison;
  node.comparator = comparator;
  node.operands = operands_of(condition);
  return node;
}

ConditionNode operator_node(Kind kind, const LegacyCondition& condition) {
  ConditionNode node;
  node.kind = kind;
  node.operands = operands_of(condition);
  return node;
}

ConditionNode function_node(Function function, const LegacyCondition& condition) {
  Operand call;
  call.kind = Operand::Kind::kFunction;
  call.function = function;
  call.arguments = operands_of(condition);
  ConditionNode node;
  node.operands.push_back(std::move(call));
  return node;
}

ConditionNode joined(Kind kind, std::vector<ConditionNode> children) {
  ConditionNode node;
  node.kind = kind;
  node.children = std::move(children);
  return node;
}

// Neither holds for an attribute that is missing.
ConditionNode not_contains_node(const LegacyCondition& condition) {
  const LegacyCondition exists{condition.attribute_name, ComparisonOperator::kNotNull, {}};
  return joined(Kind::kAnd, {function_node(Function::kAttributeExists, exists),
                             joined(Kind::kNot, {function_node(Function::kContains, condition)})});
}

ConditionNode node_of(const LegacyCondition& condition) {
  switch (condition.comparison) {
    case ComparisonOperator::kEqual:
      return comparison_node(Comparator::kEqual, condition);
    case ComparisonOperator::kNotEqual:
      return comparison_node(Comparator::kNotEqual, condition);
    case ComparisonOperator::kLess:
      return comparison_node(Comparator::kLess, condition);
    case ComparisonOperator::kLessOrEqual:
      return comparison_node(Comparator::kLessOrEqual, condition);
    case ComparisonOperator::kGreater:
      return comparison_node(Comparator::kGreater, condition);
    case ComparisonOperator::kGreaterOrEqual:
      return comparison_node(Comparator::kGreaterOrEqual, condition);
    case ComparisonOperator::kNotNull:
      return function_node(Function::kAttributeExists, condition);
    case ComparisonOperator::kNull:
      return function_node(Function::kAttributeNotExists, condition);
    case ComparisonOperator::kContains:
      return function_node(Function::kContains, condition);
    case ComparisonOperator::kNotContains:
      return not_contains_node(condition);
    case ComparisonOperator::kBeginsWith:
      return function_node(Function::kBeginsWith, condition);
    case ComparisonOperator::kIn:
      return operator_node(Kind::kIn, condition);
    case ComparisonOperator::kBetween:
      return operator_node(Kind::kBetween, condition);
  }
  return {};
}

std::optional<Condition> join(Kind kind, const std::vector<LegacyCondition>& conditions) {
  if (conditions.empty()) return std::nullopt;
  std::vector<ConditionNode> nodes;
  for (const LegacyCondition& condition : conditions) nodes.push_back(node_of(condition));
  return Condition::of_node(joined(kind, std::move(nodes)));
}

KeyOperator key_operator_of(ComparisonOperator comparison) {
  switch (comparison) {
    case ComparisonOperator::kEqual:
      return KeyOperator::kEqual;
    case ComparisonOperator::kLess:
      return KeyOperator::kLess;
    case ComparisonOperator::kLessOrEqual:
      return KeyOperator::kLessOrEqual;
    case ComparisonOperator::kGreater:
      return KeyOperator::kGreater;
    case ComparisonOperator::kGreaterOrEqual:
      return KeyOperator::kGreaterOrEqual;
    case ComparisonOperator::kBetween:
      return KeyOperator::kBetween;
    case ComparisonOperator::kBeginsWith:
      return KeyOperator::kBeginsWith;
    default:
      return KeyOperator::kNotIndexable;
  }
}

}  // namespace

std::optional<ComparisonOperator> comparison_operator_of_name(std::string_view name) {
  const auto* found = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const Rule& rule) { return rule.name == name; });
  if (found == kRules.end()) return std::nullopt;
  return found->comparison;
}

Status check_operands(const LegacyCondition& condition) {
  const Rule& rule = rule_of(condition.comparison);
  const auto& operands = condition.operands;
  if (operands.size() < rule.operands_min || operands.size() > rule.operands_max) {
    return validation_error(std::string(kInvalid) + "Invalid number of argument(s) for the " +
                            std::string(rule.name) + " ComparisonOperator");
  }
  for (const AttributeValue& operand : operands) {
    if (operand.type() == operands.front().type()) continue;
    return validation_error(std::string(kInvalid) +
                            "AttributeValues inside AttributeValueList must be of same type");
  }
  for (const AttributeValue& operand : operands) {
    if (takes(rule.types, operand.type())) continue;
    return validation_error(std::string(kInvalid) + "ComparisonOperator " + std::string(rule.name) +
                            " is not valid for " +
                            std::string(attribute_type_name(operand.type())) +
                            " AttributeValue type");
  }
  if (condition.comparison == ComparisonOperator::kBetween &&
      compare(operands[0], operands[1]) == std::partial_ordering::greater) {
    return validation_error(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
  }
  return Done{};
}

std::optional<Condition> all_of(const std::vector<LegacyCondition>& conditions) {
  return join(Kind::kAnd, conditions);
}

std::optional<Condition> any_of(const std::vector<LegacyCondition>& conditions) {
  return join(Kind::kOr, conditions);
}

KeyComparison to_key_comparison(LegacyCondition condition) {
  return {std::move(condition.attribute_name), key_operator_of(condition.comparison),
          std::move(condition.operands)};
}

}  // namespace millrace::expr
