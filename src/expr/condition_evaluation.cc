#include <algorithm>

#include "base/check.h"
#include "expr/comparison.h"
#include "expr/condition_node.h"

namespace millrace::expr {
namespace {

struct SizeOf {
  using Size = std::optional<size_t>;

  // UTF-16 code units, as the service counts.
  Size operator()(const std::string& value) const {
    size_t units = 0;
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
  }
  Size operator()(const Binary& value) const { return value.bytes.size(); }
  Size operator()(const List& value) const { return value.size(); }
  Size operator()(const AttributeMap& value) const { return value.size(); }
  Size operator()(const StringSet& value) const { return value.members.size(); }
  Size operator()(const NumberSet& value) const { return value.members.size(); }
  Size operator()(const BinarySet& value) const { return value.members.size(); }
  Size operator()(const Number&) const { return std::nullopt; }
  Size operator()(bool) const { return std::nullopt; }
  Size operator()(Null) const { return std::nullopt; }
};

// The value of an operand, in the bound expression, in the item or computed; nothing when the item
// lacks it.
class Value {
 public:
  Value(const Operand& operand, const Item& item) {
    if (operand.kind == Operand::Kind::kValue) {
      value_ = &operand.value;
    } else if (operand.kind == Operand::Kind::kPath) {
      value_ = find(item, operand.path);
    } else if (operand.kind == Operand::Kind::kCondition) {
      computed_ = AttributeValue(evaluate_condition(*operand.condition, item));
      value_ = &computed_;
    } else {
      MILLRACE_CHECK(operand.function == Function::kSize);
      compute_size(Value(operand.arguments[0], item));
    }
  }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  explicit operator bool() const { return value_ != nullptr; }
  const AttributeValue& operator*() const { return *value_; }

 private:
  void compute_size(const Value& of) {
    if (!of) return;
    const auto size = std::visit(SizeOf{}, (*of).variant());
    if (!size) return;
    computed_ = Number::from_integer(static_cast<int64_t>(*size));
    value_ = &computed_;
  }

  const AttributeValue* value_ = nullptr;
  AttributeValue computed_;
};

bool matches_order(Comparator comparator, std::partial_ordering order) {
  switch (comparator) {
    case Comparator::kLess:
      return order == std::partial_ordering::less;
    case Comparator::kLessOrEqual:
      return order == std::partial_ordering::less || order == std::partial_ordering::equivalent;
    case Comparator::kGreater:
      return order == std::partial_ordering::greater;
    case Comparator::kGreaterOrEqual:
      return order == std::partial_ordering::greater || order == std::partial_ordering::equivalent;
    default:
      return false;
  }
}

bool evaluate_comparison(const ConditionNode& node, const Item& item) {
  const Value left(node.operands[0], item);
  const Value right(node.operands[1], item);
  // What is missing is unequal to everything, and in no order.
  if (!left || !right) return node.comparator == Comparator::kNotEqual;
  if (node.comparator == Comparator::kEqual) return *left == *right;
  if (node.comparator == Comparator::kNotEqual) return !(*left == *right);
  return matches_order(node.comparator, compare(*left, *right));
}

bool evaluate_between(const ConditionNode& node, const Item& item) {
  const Value value(node.operands[0], item);
  const Value lower(node.operands[1], item);
  const Value upper(node.operands[2], item);
  return value && lower && upper &&
         matches_order(Comparator::kGreaterOrEqual, compare(*value, *lower)) &&
         matches_order(Comparator::kLessOrEqual, compare(*value, *upper));
}

bool evaluate_in(const ConditionNode& node, const Item& item) {
  const Value value(node.operands[0], item);
  return value &&
         std::any_of(node.operands.begin() + 1, node.operands.end(), [&](const Operand& operand) {
           const Value candidate(operand, item);
           return candidate && *candidate == *value;
         });
}

bool evaluate_function(const Operand& function, const Item& item) {
  const Value first(function.arguments[0], item);
  if (function.function == Function::kAttributeNotExists) return !first;
  if (!first) return false;
  if (function.function == Function::kAttributeExists) return true;
  const Value second(function.arguments[1], item);
  if (!second) return false;
  if (function.function == Function::kBeginsWith) return begins_with(*first, *second);
  if (function.function == Function::kContains) return contains(*first, *second);
  MILLRACE_CHECK(function.function == Function::kAttributeType);
  const auto* name = (*second).get_if<std::string>();
  return name != nullptr && attribute_type_name((*first).type()) == *name;
}

}  // namespace

bool evaluate_condition(const ConditionNode& node, const Item& item) {
  const auto holds = [&](const ConditionNode& child) { return evaluate_condition(child, item); };
  switch (node.kind) {
    case ConditionNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), holds);
    case ConditionNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), holds);
    case ConditionNode::Kind::kNot:
      return !holds(node.children.front());
    case ConditionNode::Kind::kComparison:
      return evaluate_comparison(node, item);
    case ConditionNode::Kind::kBetween:
      return evaluate_between(node, item);
    case ConditionNode::Kind::kIn:
      return evaluate_in(node, item);
    case ConditionNode::Kind::kFunction:
      return evaluate_function(node.operands.front(), item);
  }
  return false;
}

}  // namespace millrace::expr
