#include "ops/legacy_update.h"

#include "expr/legacy_update.h"
#include "json/attribute_value.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

using Action = expr::AttributeUpdate::Action;

Action read_action(json::Object update) {
  const auto name = optional_string(update, "Action");
  if (name == "ADD") return Action::kAdd;
  return name == "DELETE" ? Action::kDelete : Action::kPut;
}

}  // namespace

Result<std::optional<expr::Update>> read_attribute_updates(json::Object input) {
  const auto members = optional_object(input, "AttributeUpdates");
  if (!members) return std::optional<expr::Update>();
  std::vector<expr::AttributeUpdate> updates;
  for (auto [name, element] : *members) {
    json::Object object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    if (name.size() > json::kAttributeNameBytesMax) return json::attribute_name_too_large();
    expr::AttributeUpdate update{std::string(name), read_action(object), std::nullopt};
    if (auto value = json::member(object, "Value")) {
      update.value = TRY(json::read_attribute_value(*value));
    }
    TRY(expr::check_update(update));
    updates.push_back(std::move(update));
  }
  return expr::to_update(std::move(updates));
}

}  // namespace millrace::ops
