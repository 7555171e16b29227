// What an event pattern says of one value: the elements of its arrays (Amazon EventBridge User
// Guide, "Comparison operators for use in event patterns").
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace millrace::triggers {

// Sees a string, a number, a boolean or null.
using ValueMatcher = std::function<bool(json::Element scalar)>;

// Compiles a value or an operator other than `exists`: "x", 1, {"prefix": "x"}. nullopt when it is
// none.
[[nodiscard]] std::optional<ValueMatcher> compile_value(json::Element value);

// Whether a member of that name in an object makes it an operator.
[[nodiscard]] bool is_operator(std::string_view name);

}  // namespace millrace::triggers
