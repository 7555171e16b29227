// The values that a statement writes out: literals and parameters.
#pragma once

#include <vector>

#include "model/attribute_value.h"
#include "partiql/syntax.h"

namespace millrace::partiql {

using Parameters = std::vector<AttributeValue>;

// Whether it stands for a value whatever the item holds.
[[nodiscard]] bool is_value(const Expression& expression);

// A parameter stands only for a whole value, not for a part of a literal. Asserts that there are
// enough parameters.
[[nodiscard]] Result<AttributeValue> to_value(const Expression& expression,
                                              const Parameters& parameters);

// The item of a tuple, or of a parameter that is a map.
[[nodiscard]] Result<Item> to_item(const Expression& expression, const Parameters& parameters);

}  // namespace millrace::partiql
