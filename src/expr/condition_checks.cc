#include "expr/comparison.h"
#include "expr/condition_node.h"
#include "expr/limits.h"

namespace millrace::expr {
namespace {

bool is_ordered(AttributeType type) {
  return type == AttributeType::kString || type == AttributeType::kNumber ||
         type == AttributeType::kBinary;
}

Problem unordered_operand(const ConditionNode& node) {
  for (const Operand& operand : node.operands) {
    const auto type = static_type(operand);
    if (!type || is_ordered(*type)) continue;
    return incorrect_operand_type(node.operator_name(), attribute_type_name(*type));
  }
  return std::nullopt;
}

// As the service shows a bound of BETWEEN.
std::string bound_text(const AttributeValue& value) {
  std::string text = "AttributeValue: {" + std::string(attribute_type_name(value.type())) + ":";
  if (const auto* string = value.get_if<std::string>()) text += *string;
  if (const auto* number = value.get_if<Number>()) text += number->to_string();
  if (const auto* binary = value.get_if<Binary>()) {
    const std::string length = std::to_string(binary->bytes.size());
    text += "java.nio.HeapByteBuffer[pos=0 lim=" + length + " cap=" + length + "]";
  }
  return text + "}";
}

Problem unusable_bounds(const ConditionNode& between) {
  const Operand& lower = between.operands[1];
  const Operand& upper = between.operands[2];
  if (lower.kind != Operand::Kind::kValue || upper.kind != Operand::Kind::kValue) {
    return std::nullopt;
  }
  std::string_view rule;
  if (lower.value.type() != upper.value.type()) {
    rule = "same data type for lower and upper bounds";
  } else if (compare(lower.value, upper.value) == std::partial_ordering::greater) {
    rule = "upper bound to be greater than or equal to lower bound";
  } else {
    return std::nullopt;
  }
  return "The BETWEEN operator requires " + std::string(rule) +
         "; lower bound operand: " + bound_text(lower.value) +
         ", upper bound operand: " + bound_text(upper.value);
}

Problem wrong_operands(const ConditionNode& node) {
  switch (node.kind) {
    case ConditionNode::Kind::kComparison:
      if (node.comparator == Comparator::kEqual || node.comparator == Comparator::kNotEqual) {
        return std::nullopt;
      }
      return unordered_operand(node);
    case ConditionNode::Kind::kBetween:
      if (Problem problem = unordered_operand(node)) return problem;
      return unusable_bounds(node);
    case ConditionNode::Kind::kIn:
      if (node.operands.size() - 1 <= kInOperandsMax) return std::nullopt;
      return "The IN operator is provided with too many operands; number of operands: " +
             std::to_string(node.operands.size() - 1);
    default:
      return std::nullopt;
  }
}

template <typename Operands, typename Check>
Problem first_problem(Operands& operands, const Check& check) {
  for (auto& operand : operands) {
    if (Problem problem = check(operand)) return problem;
  }
  return std::nullopt;
}

// Names and values in the order they are written.
Problem resolve_operand(Operand& operand, Placeholders& placeholders) {
  if (operand.kind == Operand::Kind::kPath) return resolve_names(operand, placeholders);
  if (operand.kind == Operand::Kind::kValue) return resolve_values(operand, placeholders);
  return first_problem(operand.arguments,
                       [&](Operand& argument) { return resolve_operand(argument, placeholders); });
}

// Of the node alone, whose operands are resolved.
Problem check_operands(const ConditionNode& node) {
  const auto& operands = node.operands;
  Problem problem = first_problem(operands, wrong_operand_count);
  if (!problem) {
    problem =
        first_problem(operands, [](const Operand& operand) { return indistinct_operand(operand); });
  }
  if (!problem && !operands.empty()) problem = indistinct_operand(node.operator_name(), operands);
  if (!problem) problem = first_problem(operands, wrong_operand_type);
  return problem ? problem : wrong_operands(node);
}

}  // namespace

Problem resolve_condition(ConditionNode& node, Placeholders& placeholders) {
  for (ConditionNode& child : node.children) {
    if (Problem problem = resolve_condition(child, placeholders)) return problem;
  }
  Problem problem = first_problem(
      node.operands, [&](Operand& operand) { return resolve_operand(operand, placeholders); });
  return problem ? problem : check_operands(node);
}

Problem check_condition(const ConditionNode& node) {
  for (const ConditionNode& child : node.children) {
    if (Problem problem = check_condition(child)) return problem;
  }
  Problem problem = first_problem(node.operands, [](const Operand& operand) {
    return operand.condition ? check_condition(*operand.condition) : std::nullopt;
  });
  return problem ? problem : check_operands(node);
}

}  // namespace millrace::expr
