#include <algorithm>
#include <initializer_list>

#include "expr/limits.h"
#include "expr/operand.h"
#include "expr/reserved_words.h"

namespace millrace::expr {
namespace {

// `check` on every function below `operand` and then on itself, until one has a problem.
template <typename Check>
Problem first_problem(const Operand& operand, const Check& check) {
  for (const Operand& argument : operand.arguments) {
    if (Problem problem = first_problem(argument, check)) return problem;
  }
  if (operand.kind != Operand::Kind::kFunction) return std::nullopt;
  return check(operand);
}

Problem argument_of_other_type(const Operand& function,
                               std::initializer_list<AttributeType> allowed) {
  for (const Operand& argument : function.arguments) {
    const auto type = static_type(argument);
    if (!type || std::find(allowed.begin(), allowed.end(), *type) != allowed.end()) continue;
    return incorrect_operand_type(function.name, attribute_type_name(*type));
  }
  return std::nullopt;
}

Problem wrong_attribute_type_operand(const Operand& function) {
  const Operand& wanted = function.arguments[1];
  const auto type = static_type(wanted);
  if (!type) return incorrect_operand_type(function.name, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  const auto* name = wanted.value.get_if<std::string>();
  if (*type != AttributeType::kString || name == nullptr) {
    return incorrect_operand_type(function.name, attribute_type_name(*type));
  }
  if (attribute_type_of_name(*name)) return std::nullopt;
  return "Invalid attribute type name found; type: " + *name +
         ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
}

bool needs_path(Function function) {
  return function == Function::kAttributeExists || function == Function::kAttributeNotExists ||
         function == Function::kAttributeType || function == Function::kIfNotExists;
}

Problem wrong_type_in(const Operand& function) {
  using enum AttributeType;
  if (needs_path(function.function) && function.arguments[0].kind != Operand::Kind::kPath) {
    return "Operator or function requires a document path; operator or function: " + function.name;
  }
  switch (function.function) {
    case Function::kBeginsWith:
      return argument_of_other_type(function, {kString, kBinary});
    case Function::kSize:
      return argument_of_other_type(
          function, {kString, kBinary, kList, kMap, kStringSet, kNumberSet, kBinarySet});
    case Function::kAttributeType:
      return wrong_attribute_type_operand(function);
    case Function::kListAppend:
      return argument_of_other_type(function, {kList});
    case Function::kPlus:
    case Function::kMinus:
      return argument_of_other_type(function, {kNumber});
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string incorrect_operand_type(std::string_view name, std::string_view type) {
  return "Incorrect operand type for operator or function; operator or function: " +
         std::string(name) + ", operand type: " + std::string(type);
}

std::optional<AttributeType> static_type(const Operand& operand) {
  if (operand.kind == Operand::Kind::kValue) return operand.value.type();
  if (operand.kind == Operand::Kind::kFunction && operand.function == Function::kSize) {
    return AttributeType::kNumber;
  }
  if (operand.kind == Operand::Kind::kCondition) return AttributeType::kBoolean;
  return std::nullopt;
}

Problem unknown_function(const Operand& operand) {
  return first_problem(operand, [](const Operand& function) -> Problem {
    if (function.function != Function::kUnknown) return std::nullopt;
    return "Invalid function name; function: " + function.name;
  });
}

Problem unusable_name(const Path& path) {
  for (const PathStep& step : path) {
    if (step.is_index && step.index > kListIndexMax) {
      return "List index is not within the allowable range; index: [" + step.name + "]";
    }
    if (!step.is_index && is_reserved_word(step.name)) {
      return "Attribute name is a reserved keyword; reserved keyword: " + step.name;
    }
  }
  if (path.size() <= kPathStepsMax) return std::nullopt;
  return "The document path has too many nesting levels; nesting levels: " +
         std::to_string(path.size());
}

Problem unusable_name(const Operand& operand) {
  if (operand.kind == Operand::Kind::kPath) return unusable_name(operand.path);
  for (const Operand& argument : operand.arguments) {
    if (Problem problem = unusable_name(argument)) return problem;
  }
  return std::nullopt;
}

Problem resolve_names(Path& path, Placeholders& placeholders) {
  for (PathStep& step : path) {
    if (step.is_index || step.name[0] != '#') continue;
    const std::string* name = placeholders.name(step.name);
    if (name == nullptr) {
      return "An expression attribute name used in the document path is not defined; attribute "
             "name: " +
             step.name;
    }
    step.name = *name;
  }
  return std::nullopt;
}

Problem resolve_names(Operand& operand, Placeholders& placeholders) {
  if (operand.kind == Operand::Kind::kPath) return resolve_names(operand.path, placeholders);
  for (Operand& argument : operand.arguments) {
    if (Problem problem = resolve_names(argument, placeholders)) return problem;
  }
  return std::nullopt;
}

Problem resolve_values(Operand& operand, Placeholders& placeholders) {
  for (Operand& argument : operand.arguments) {
    if (Problem problem = resolve_values(argument, placeholders)) return problem;
  }
  if (operand.kind != Operand::Kind::kValue) return std::nullopt;
  const AttributeValue* value = placeholders.value(operand.name);
  if (value == nullptr) {
    return "An expression attribute value used in expression is not defined; attribute value: " +
           operand.name;
  }
  operand.value = *value;
  return std::nullopt;
}

Problem wrong_operand_count(const Operand& operand) {
  return first_problem(operand, [](const Operand& function) -> Problem {
    if (operand_count(function.function) == function.arguments.size()) return std::nullopt;
    return "Incorrect number of operands for operator or function; operator or function: " +
           function.name + ", number of operands: " + std::to_string(function.arguments.size());
  });
}

Problem indistinct_operand(std::string_view name, const std::vector<Operand>& operands) {
  const Operand& first = operands.front();
  if (first.kind != Operand::Kind::kPath) return std::nullopt;
  const bool distinct =
      std::none_of(operands.begin() + 1, operands.end(), [&](const Operand& other) {
        return other.kind == Operand::Kind::kPath && other.path == first.path;
      });
  if (distinct) return std::nullopt;
  return "The first operand must be distinct from the remaining operands for this operator or "
         "function; operator: " +
         std::string(name) + ", first operand: " + to_string(first.path);
}

Problem indistinct_operand(const Operand& operand) {
  return first_problem(operand, [](const Operand& function) -> Problem {
    return indistinct_operand(function.name, function.arguments);
  });
}

Problem wrong_operand_type(const Operand& operand) {
  return first_problem(operand, wrong_type_in);
}

}  // namespace millrace::expr
