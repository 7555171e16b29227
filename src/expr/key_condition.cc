#include "expr/key_condition.h"

#include <algorithm>

#include "base/check.h"
#include "expr/condition_node.h"
#include "expr/parsed_texts.h"

namespace millrace::expr {
namespace {

constexpr std::string_view kParameter = "KeyConditionExpression";
constexpr std::string_view kInvalidCondition = "Invalid condition in KeyConditionExpression: ";

using Comparisons = std::vector<KeyComparison>;

Error invalid_operator(std::string_view name) {
  return validation_error("Invalid operator used in KeyConditionExpression: " + std::string(name));
}

Error invalid_condition(std::string_view what) {
  return validation_error(std::string(kInvalidCondition) + std::string(what));
}

KeyOperator operator_of(Comparator comparator) {
  switch (comparator) {
    case Comparator::kLess:
      return KeyOperator::kLess;
    case Comparator::kLessOrEqual:
      return KeyOperator::kLessOrEqual;
    case Comparator::kGreater:
      return KeyOperator::kGreater;
    case Comparator::kGreaterOrEqual:
      return KeyOperator::kGreaterOrEqual;
    default:
      MILLRACE_CHECK(comparator == Comparator::kEqual);
      return KeyOperator::kEqual;
  }
}

// `:v < key` says `key > :v`.
KeyOperator mirrored(KeyOperator comparison) {
  switch (comparison) {
    case KeyOperator::kLess:
      return KeyOperator::kGreater;
    case KeyOperator::kLessOrEqual:
      return KeyOperator::kGreaterOrEqual;
    case KeyOperator::kGreater:
      return KeyOperator::kLess;
    case KeyOperator::kGreaterOrEqual:
      return KeyOperator::kLessOrEqual;
    default:
      return comparison;
  }
}

// Splits the operands into the one attribute and the values.
Result<KeyComparison> split_operands(const std::vector<Operand>& operands) {
  KeyComparison comparison;
  bool found = false;
  for (const Operand& operand : operands) {
    if (operand.kind == Operand::Kind::kFunction) {
      return validation_error("KeyConditionExpressions cannot contain nested operations");
    }
    if (operand.kind == Operand::Kind::kValue) {
      comparison.operands.push_back(operand.value);
      continue;
    }
    if (found) return invalid_condition("Multiple attribute names used in one condition");
    if (operand.path.size() > 1) {
      return validation_error(
          "KeyConditionExpressions cannot have conditions on nested attributes");
    }
    found = true;
    comparison.attribute_name = operand.path.front().name;
  }
  if (!found) return invalid_condition("No key attribute specified");
  return comparison;
}

Result<KeyComparison> read_with_key_first(const std::vector<Operand>& operands,
                                          std::string_view name, KeyOperator comparison) {
  if (operands.front().kind == Operand::Kind::kValue) {
    return invalid_condition(std::string(name) +
                             " operator must have the key attribute as its first operand");
  }
  auto read = TRY(split_operands(operands));
  read.comparison = comparison;
  return read;
}

Result<KeyComparison> read_comparison(const ConditionNode& node) {
  if (node.comparator == Comparator::kNotEqual) return invalid_operator("<>");
  auto read = TRY(split_operands(node.operands));
  read.comparison = operator_of(node.comparator);
  if (node.operands.front().kind == Operand::Kind::kValue) {
    read.comparison = mirrored(read.comparison);
  }
  return read;
}

Result<KeyComparison> read_function(const Operand& call) {
  if (call.function != Function::kBeginsWith) return invalid_operator(call.name);
  return read_with_key_first(call.arguments, call.name, KeyOperator::kBeginsWith);
}

Result<KeyComparison> read_leaf(const ConditionNode& node) {
  switch (node.kind) {
    case ConditionNode::Kind::kComparison:
      return read_comparison(node);
    case ConditionNode::Kind::kBetween:
      return read_with_key_first(node.operands, "BETWEEN", KeyOperator::kBetween);
    case ConditionNode::Kind::kFunction:
      return read_function(node.operands.front());
    case ConditionNode::Kind::kOr:
      return invalid_operator("OR");
    case ConditionNode::Kind::kNot:
      return invalid_operator("NOT");
    default:
      return invalid_operator("IN");
  }
}

Status collect(const ConditionNode& node, Comparisons& comparisons) {
  if (node.kind == ConditionNode::Kind::kAnd) {
    for (const ConditionNode& child : node.children) TRY(collect(child, comparisons));
    return Done{};
  }
  auto read = TRY(read_leaf(node));
  const bool repeated = std::any_of(
      comparisons.begin(), comparisons.end(),
      [&](const KeyComparison& other) { return other.attribute_name == read.attribute_name; });
  if (repeated) {
    return validation_error("KeyConditionExpressions must only contain one condition per key");
  }
  comparisons.push_back(std::move(read));
  return Done{};
}

}  // namespace

Result<KeyCondition> KeyCondition::parse(std::string_view text) {
  thread_local ParsedTexts<KeyCondition> texts;
  return texts.get(text, [&]() -> Result<KeyCondition> {
    Tokens tokens = TRY(Tokens::of(text, kParameter, {"AND", "OR", "NOT", "BETWEEN", "IN"}));
    return KeyCondition(std::make_shared<const ConditionNode>(TRY(parse_condition(tokens))));
  });
}

Result<std::vector<KeyComparison>> KeyCondition::bind(Placeholders& placeholders) const {
  ConditionNode root = *root_;
  if (const Problem problem = resolve_condition(root, placeholders)) {
    return expression_error(kParameter, *problem);
  }
  Comparisons comparisons;
  TRY(collect(root, comparisons));
  return comparisons;
}

}  // namespace millrace::expr
