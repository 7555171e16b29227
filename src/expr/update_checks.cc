#include "expr/update_clauses.h"

namespace millrace::expr {
namespace {

// These messages name types otherwise than all others do.
std::string_view long_type_name(AttributeType type) {
  switch (type) {
    case AttributeType::kString:
      return "STRING";
    case AttributeType::kNumber:
      return "NUMBER";
    case AttributeType::kBinary:
      return "BINARY";
    case AttributeType::kBoolean:
      return "BOOLEAN";
    case AttributeType::kNull:
      return "NULL";
    case AttributeType::kList:
      return "LIST";
    case AttributeType::kMap:
      return "MAP";
    case AttributeType::kStringSet:
      return "STRING_SET";
    case AttributeType::kNumberSet:
      return "NUMBER_SET";
    case AttributeType::kBinarySet:
      return "BINARY_SET";
  }
  return {};
}

// ADD takes numbers and sets, DELETE takes sets.
Problem wrong_type_to_add_or_delete(const UpdateAction& action) {
  const bool adds = action.kind == UpdateAction::Kind::kAdd;
  if (!adds && action.kind != UpdateAction::Kind::kDelete) return std::nullopt;
  const AttributeType type = action.operand.value.type();
  const bool is_set = type == AttributeType::kStringSet || type == AttributeType::kNumberSet ||
                      type == AttributeType::kBinarySet;
  if (is_set || (adds && type == AttributeType::kNumber)) return std::nullopt;
  const std::string name = adds ? "ADD" : "DELETE";
  return "Incorrect operand type for operator or function; operator: " + name +
         ", operand type: " + std::string(long_type_name(type)) + ", typeSet: ALLOWED_FOR_" + name +
         "_OPERAND";
}

template <typename Check>
Problem first_problem(UpdateClauses& clauses, const Check& check) {
  for (UpdateAction& action : clauses.actions) {
    if (Problem problem = check(action)) return problem;
  }
  return std::nullopt;
}

Problem resolve_names_in(UpdateAction& action, Placeholders& placeholders) {
  if (Problem problem = resolve_names(action.path, placeholders)) return problem;
  return resolve_names(action.operand, placeholders);
}

Problem wrong_function(const UpdateAction& action) {
  if (Problem problem = wrong_operand_count(action.operand)) return problem;
  return wrong_operand_type(action.operand);
}

}  // namespace

Problem resolve_update(UpdateClauses& clauses, Placeholders& placeholders) {
  Problem problem = first_problem(
      clauses, [&](UpdateAction& action) { return resolve_names_in(action, placeholders); });
  if (!problem) {
    problem = first_problem(clauses, [&](UpdateAction& action) {
      return resolve_values(action.operand, placeholders);
    });
  }
  return problem ? problem : check_update(clauses);
}

Problem check_update(UpdateClauses& clauses) {
  std::vector<Path> paths;
  for (const UpdateAction& action : clauses.actions) paths.push_back(action.path);
  std::string clash = find_clash(paths);
  if (!clash.empty()) return clash;
  Problem problem = first_problem(clauses, wrong_type_to_add_or_delete);
  return problem ? problem : first_problem(clauses, wrong_function);
}

}  // namespace millrace::expr
