#include "partiql/conditions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "expr/limits.h"

namespace millrace::partiql {
namespace {

using Kind = Expression::Kind;
using expr::Comparator;
using expr::ConditionNode;
using expr::Operand;

struct ComparatorRow {
  std::string_view text;
  Comparator comparator;
};
constexpr auto kComparators = std::to_array<ComparatorRow>({{"=", Comparator::kEqual},
                                                            {"<>", Comparator::kNotEqual},
                                                            {"<", Comparator::kLess},
                                                            {"<=", Comparator::kLessOrEqual},
                                                            {">", Comparator::kGreater},
                                                            {">=", Comparator::kGreaterOrEqual}});

const ComparatorRow* find_comparator(std::string_view text) {
  const auto* found = std::find_if(kComparators.begin(), kComparators.end(),
                                   [&](const ComparatorRow& row) { return row.text == text; });
  return found == kComparators.end() ? nullptr : found;
}

struct TypeRow {
  std::string_view name;
  std::string_view attribute_type;
};
// The types that IS knows, as attribute_type() calls them.
constexpr auto kTypes = std::to_array<TypeRow>({{"null", "NULL"},
                                                {"bool", "BOOL"},
                                                {"boolean", "BOOL"},
                                                {"blob", "B"},
                                                {"string", "S"},
                                                {"numeric", "N"},
                                                {"struct", "M"},
                                                {"tuple", "M"},
                                                {"list", "L"}});

ConditionNode joined(ConditionNode::Kind kind, std::vector<ConditionNode> children) {
  ConditionNode node;
  node.kind = kind;
  node.children = std::move(children);
  return node;
}

ConditionNode negated(ConditionNode node) {
  return joined(ConditionNode::Kind::kNot, {std::move(node)});
}

ConditionNode call_node(Operand call) {
  ConditionNode node;
  node.operands.push_back(std::move(call));
  return node;
}

Operand function_operand(expr::Function function, std::string name,
                         std::vector<Operand> arguments) {
  Operand call;
  call.kind = Operand::Kind::kFunction;
  call.function = function;
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  return call;
}

Operand value_operand(AttributeValue value) {
  Operand operand;
  operand.kind = Operand::Kind::kValue;
  operand.value = std::move(value);
  return operand;
}

bool is_condition(const Expression& expression) {
  if (expression.kind == Kind::kIs) return true;
  if (expression.kind == Kind::kCall) return expression.text != "size";
  if (expression.kind != Kind::kOperator) return false;
  constexpr auto kWords = std::to_array<std::string_view>(
      {"and", "or", "not", "in", "not in", "between", "not between"});
  return find_comparator(expression.text) != nullptr ||
         std::find(kWords.begin(), kWords.end(), expression.text) != kWords.end();
}

class Translator {
 public:
  explicit Translator(const Parameters& parameters) : parameters_(parameters) {}

  Result<ConditionNode> condition(const Expression& expression) {
    if (expression.kind == Kind::kIs) return type_test(expression);
    if (expression.kind == Kind::kCall) return condition_call(expression);
    if (expression.kind == Kind::kOperator) return operation(expression);
    return validation_error("Unsupported token in expression: " + expression.text +
                            expression.position.to_string());
  }

 private:
  Result<ConditionNode> operation(const Expression& expression) {
    const std::string& text = expression.text;
    if (text == "and") return chain(ConditionNode::Kind::kAnd, expression);
    if (text == "or") return chain(ConditionNode::Kind::kOr, expression);
    if (text == "not") return negated(TRY(condition(expression.operands.front())));
    if (text == "in") return in(expression);
    if (text == "not in") return negated(TRY(in(expression)));
    if (text == "between") return between(expression);
    if (text == "not between") return negated(TRY(between(expression)));
    if (const ComparatorRow* row = find_comparator(text)) {
      ConditionNode node;
      node.kind = ConditionNode::Kind::kComparison;
      node.comparator = row->comparator;
      node.operands = TRY(operands_of(expression.operands));
      return node;
    }
    return unsupported(expression);
  }

  static Error unsupported(const Expression& expression) {
    if (expression.operands.size() == 1) {
      return validation_error(
          "Incorrect number of operands for operator or function; operator or "
          "function: " +
          expression.text + ", number of operands: 1");
    }
    return validation_error("Unsupported operator in Condition Expression. Operator: " +
                            expression.text);
  }

  Result<ConditionNode> chain(ConditionNode::Kind kind, const Expression& expression) {
    std::vector<ConditionNode> children;
    for (const Expression& operand : expression.operands) {
      children.push_back(TRY(condition(operand)));
    }
    return joined(kind, std::move(children));
  }

  Result<ConditionNode> in(const Expression& expression) {
    const Expression& list = expression.operands[1];
    if (list.kind != Kind::kList || list.operands.empty()) {
      return validation_error("Unsupported token in expression: " + list.text +
                              list.position.to_string());
    }
    ConditionNode node;
    node.kind = ConditionNode::Kind::kIn;
    node.operands = TRY(operands_of(list.operands));
    node.operands.insert(node.operands.begin(), TRY(operand(expression.operands[0])));
    return node;
  }

  Result<ConditionNode> between(const Expression& expression) {
    ConditionNode node;
    node.kind = ConditionNode::Kind::kBetween;
    node.operands = TRY(operands_of(expression.operands));
    return node;
  }

  Result<ConditionNode> type_test(const Expression& expression) {
    Operand tested = TRY(operand(expression.operands.front()));
    if (expression.text == "missing") {
      return call_node(function_operand(expr::Function::kAttributeNotExists, "attribute_not_exists",
                                        {std::move(tested)}));
    }
    const auto* row = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](const TypeRow& one) { return one.name == expression.text; });
    if (row == kTypes.end()) {
      return validation_error(
          "Unsupported data type for IS operator: " + expression.text +
          ". Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, "
          "TUPLE, LIST]");
    }
    return call_node(
        function_operand(expr::Function::kAttributeType, "attribute_type",
                         {std::move(tested), value_operand(std::string(row->attribute_type))}));
  }

  Result<ConditionNode> condition_call(const Expression& expression) {
    Operand call = TRY(call_operand(expression));
    if (call.function != expr::Function::kSize) return call_node(std::move(call));
    return validation_error("Unsupported token in expression: size" +
                            expression.position.to_string());
  }

  Result<Operand> call_operand(const Expression& expression) {
    const expr::Function function = expr::function_of_name(expression.text);
    if (!expr::is_condition_function(function)) return unrecognized_function(expression);
    return function_operand(function, expression.text, TRY(operands_of(expression.operands)));
  }

  Result<std::vector<Operand>> operands_of(const std::vector<Expression>& expressions) {
    std::vector<Operand> operands;
    for (const Expression& expression : expressions) {
      operands.push_back(TRY(operand(expression)));
    }
    return operands;
  }

  Result<Operand> operand(const Expression& expression) {
    if (is_value(expression)) return value_operand(TRY(to_value(expression, parameters_)));
    if (is_condition(expression)) {
      Operand truth;
      truth.kind = Operand::Kind::kCondition;
      truth.condition = std::make_shared<const ConditionNode>(TRY(condition(expression)));
      return truth;
    }
    if (expression.kind == Kind::kCall) return call_operand(expression);
    if (expression.kind == Kind::kOperator) return unsupported(expression);
    Operand attribute;
    attribute.path = TRY(to_path(expression));
    return attribute;
  }

  const Parameters& parameters_;
};

Result<expr::PathStep> to_step(const Expression& step) {
  if (step.kind == Kind::kString) return expr::PathStep::of_name(step.text);
  size_t index = 0;
  const char* const end = step.text.data() + step.text.size();
  const bool negative = step.text.starts_with('-');
  const auto parsed = std::from_chars(step.text.data() + (negative ? 1 : 0), end, index);
  const bool is_integer = step.kind == Kind::kNumber && parsed.ptr == end;
  if (!is_integer) {
    return validation_error("Unexpected path component" + step.position.to_string());
  }
  if (parsed.ec != std::errc() || index > expr::kListIndexMax || (negative && index > 0)) {
    return validation_error("List index is not within the allowable range; index: [" + step.text +
                            "]" + step.position.to_string());
  }
  return expr::PathStep::of_index(index);
}

}  // namespace

Result<expr::Path> to_path(const Expression& expression) {
  if (expression.kind == Kind::kName) return expr::Path{expr::PathStep::of_name(expression.text)};
  const bool is_path =
      expression.kind == Kind::kPath && expression.operands.front().kind == Kind::kName;
  if (!is_path) {
    return validation_error("Unexpected path component" + expression.position.to_string());
  }
  expr::Path path = {expr::PathStep::of_name(expression.operands.front().text)};
  for (size_t i = 1; i < expression.operands.size(); ++i) {
    path.push_back(TRY(to_step(expression.operands[i])));
  }
  if (path.size() <= expr::kPathStepsMax) return path;
  return validation_error("The document path has too many nesting levels; nesting levels: " +
                          std::to_string(path.size()));
}

Result<ConditionNode> to_condition(const Expression& expression, const Parameters& parameters) {
  ConditionNode node = TRY(Translator(parameters).condition(expression));
  if (const expr::Problem problem = expr::check_condition(node)) return validation_error(*problem);
  return node;
}

Error unrecognized_function(const Expression& call) {
  return validation_error("Unrecognized function: " + call.text + call.position.to_string());
}

}  // namespace millrace::partiql
