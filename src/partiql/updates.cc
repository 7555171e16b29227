#include "partiql/updates.h"

#include "partiql/conditions.h"

namespace millrace::partiql {
namespace {

using Kind = Expression::Kind;
using expr::Operand;
using expr::UpdateAction;

bool is_set(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kNumberSet ||
         type == AttributeType::kBinarySet;
}

class Translator {
 public:
  explicit Translator(const Parameters& parameters) : parameters_(parameters) {}

  Result<UpdateAction> action(const Assignment& assignment) {
    UpdateAction action;
    action.path = TRY(to_path(assignment.path));
    if (!assignment.value) {
      action.kind = UpdateAction::Kind::kRemove;
      return action;
    }
    const Expression& value = *assignment.value;
    const bool adds = value.kind == Kind::kCall && value.text == "set_add";
    const bool deletes = value.kind == Kind::kCall && value.text == "set_delete";
    if (adds || deletes) {
      action.kind = adds ? UpdateAction::Kind::kAdd : UpdateAction::Kind::kDelete;
      action.operand = TRY(set_operand(action.path, value, adds ? "SET_ADD" : "SET_DELETE"));
    } else {
      action.operand = TRY(operand(value));
    }
    return action;
  }

 private:
  // Of `path = set_add(path, set)`.
  Result<Operand> set_operand(const expr::Path& path, const Expression& call,
                              const std::string& name) {
    if (call.operands.size() != 2) {
      return validation_error(name + " must have exactly two arguments" +
                              call.position.to_string());
    }
    const Expression& changed = call.operands[0];
    const bool is_path = changed.kind == Kind::kName || changed.kind == Kind::kPath;
    if (!is_path || TRY(to_path(changed)) != path) {
      return validation_error("The first argument to " + name + " must equal the assignment value" +
                              call.position.to_string());
    }
    if (is_value(call.operands[1])) {
      AttributeValue value = TRY(to_value(call.operands[1], parameters_));
      if (is_set(value.type())) return value_operand(std::move(value));
    }
    return validation_error("The second argument to " + name + " must be a value with type SET" +
                            changed.position.to_string());
  }

  static Operand value_operand(AttributeValue value) {
    Operand operand;
    operand.kind = Operand::Kind::kValue;
    operand.value = std::move(value);
    return operand;
  }

  // The right side of a SET.
  Result<Operand> operand(const Expression& expression) {
    if (is_value(expression)) return value_operand(TRY(to_value(expression, parameters_)));
    if (expression.kind == Kind::kCall) {
      if (expression.text != "list_append") return unrecognized_function(expression);
      return function(expr::Function::kListAppend, expression);
    }
    if (expression.kind == Kind::kOperator) return arithmetic(expression);
    Operand attribute;
    attribute.path = TRY(to_path(expression));
    return attribute;
  }

  Result<Operand> arithmetic(const Expression& expression) {
    if (expression.text == "+") return function(expr::Function::kPlus, expression);
    if (expression.text == "-") return function(expr::Function::kMinus, expression);
    return validation_error("Unsupported operator in Update Expression. Operator: " +
                            expression.text);
  }

  Result<Operand> function(expr::Function function, const Expression& expression) {
    Operand call;
    call.kind = Operand::Kind::kFunction;
    call.function = function;
    call.name = expression.text;
    for (const Expression& argument : expression.operands) {
      call.arguments.push_back(TRY(operand(argument)));
    }
    return call;
  }

  const Parameters& parameters_;
};

}  // namespace

Result<expr::UpdateClauses> to_update(const std::vector<Assignment>& assignments,
                                      const Parameters& parameters) {
  expr::UpdateClauses clauses;
  clauses.too_deep = "Nesting Levels have exceeded supported limits";
  Translator translator(parameters);
  for (const Assignment& assignment : assignments) {
    clauses.actions.push_back(TRY(translator.action(assignment)));
  }
  if (const expr::Problem problem = expr::check_update(clauses)) {
    return validation_error(*problem);
  }
  return clauses;
}

}  // namespace millrace::partiql
