// How attribute values compare in conditions.
#pragma once

#include <compare>

#include "model/attribute_value.h"

namespace millrace::expr {

// Numbers numerically, strings and binaries by unsigned bytes. Unordered for other types and for
// two of different types.
[[nodiscard]] std::partial_ordering compare(const AttributeValue& left,
                                            const AttributeValue& right);

// Whether a string or binary begins with another of its type.
[[nodiscard]] bool begins_with(const AttributeValue& value, const AttributeValue& prefix);

// Whether a string or binary has another as a part, or a set or list has it as an element.
[[nodiscard]] bool contains(const AttributeValue& value, const AttributeValue& part);

}  // namespace millrace::expr
