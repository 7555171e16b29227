#include "expr/attribute_names.h"

namespace millrace::expr {
namespace {

void collect(const Operand& operand, AttributeNames& names) {
  if (operand.kind == Operand::Kind::kPath) names.insert(operand.path.front().name);
  for (const Operand& argument : operand.arguments) collect(argument, names);
  if (operand.condition) collect_attribute_names(*operand.condition, names);
}

}  // namespace

void collect_attribute_names(const ConditionNode& node, AttributeNames& names) {
  for (const ConditionNode& child : node.children) collect_attribute_names(child, names);
  for (const Operand& operand : node.operands) collect(operand, names);
}

void collect_attribute_names(const UpdateClauses& clauses, AttributeNames& names) {
  for (const UpdateAction& action : clauses.actions) {
    names.insert(action.path.front().name);
    if (action.kind != UpdateAction::Kind::kRemove) collect(action.operand, names);
  }
}

Status collect_names_of_update(std::string_view text, Placeholders& placeholders,
                               AttributeNames& names) {
  Tokens tokens = TRY(Tokens::of(text, "UpdateExpression", {"SET", "REMOVE", "ADD", "DELETE"}));
  UpdateClauses clauses = TRY(parse_update(tokens));
  if (const Problem problem = resolve_update(clauses, placeholders)) return tokens.error(*problem);
  collect_attribute_names(clauses, names);
  return Done{};
}

}  // namespace millrace::expr
