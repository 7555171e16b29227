// The legacy parameter AttributeUpdates: an action for each of some top-level attributes. They
// become the update that an UpdateExpression becomes, too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "expr/update.h"
#include "model/attribute_value.h"

namespace millrace::expr {

struct AttributeUpdate {
  enum class Action { kPut, kAdd, kDelete };

  std::string attribute_name;
  Action action = Action::kPut;
  std::optional<AttributeValue> value;
};

// ValidationException for an action without a value that needs one, or with a value of a type that
// it does not take.
[[nodiscard]] Status check_update(const AttributeUpdate& update);

// Asserts that check_update() holds for each; nothing without updates. Unlike an expression's, its
// ADD appends to lists.
[[nodiscard]] std::optional<Update> to_update(std::vector<AttributeUpdate> updates);

}  // namespace millrace::expr
