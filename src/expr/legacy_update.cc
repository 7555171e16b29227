#include "expr/legacy_update.h"

#include "base/check.h"
#include "expr/update_clauses.h"

namespace millrace::expr {
namespace {

using Action = AttributeUpdate::Action;

Error invalid(std::string_view what) {
  return validation_error("One or more parameter values were invalid: " + std::string(what));
}

bool is_set(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kNumberSet ||
         type == AttributeType::kBinarySet;
}

UpdateAction::Kind kind_of(const AttributeUpdate& update) {
  switch (update.action) {
    case Action::kPut:
      return UpdateAction::Kind::kSet;
    case Action::kAdd:
      return UpdateAction::Kind::kAdd;
    case Action::kDelete:
      return update.value ? UpdateAction::Kind::kDelete : UpdateAction::Kind::kRemove;
  }
  return UpdateAction::Kind::kSet;
}

}  // namespace

Status check_update(const AttributeUpdate& update) {
  if (!update.value) {
    if (update.action == Action::kDelete) return Done{};
    return invalid("Only DELETE action is allowed when no attribute value is specified");
  }
  const AttributeType type = update.value->type();
  const std::string type_name(attribute_type_name(type));
  if (update.action == Action::kDelete && !is_set(type)) {
    return invalid("DELETE action with value is not supported for the type " + type_name);
  }
  if (update.action == Action::kAdd && !is_set(type) && type != AttributeType::kNumber &&
      type != AttributeType::kList) {
    return invalid("ADD action is not supported for the type " + type_name);
  }
  return Done{};
}

std::optional<Update> to_update(std::vector<AttributeUpdate> updates) {
  if (updates.empty()) return std::nullopt;
  UpdateClauses clauses;
  clauses.type_mismatch = "Type mismatch for attribute to update";
  for (AttributeUpdate& update : updates) {
    MILLRACE_CHECK(check_update(update).ok());
    UpdateAction action;
    action.kind = kind_of(update);
    action.path.push_back(PathStep::of_name(std::move(update.attribute_name)));
    action.operand.kind = Operand::Kind::kValue;
    if (update.value) action.operand.value = std::move(*update.value);
    clauses.actions.push_back(std::move(action));
  }
  return Update::of_clauses(std::move(clauses));
}

}  // namespace millrace::expr
