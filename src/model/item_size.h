// Item sizes by the service's rules (Developer Guide, "DynamoDB item sizes and formats").
#pragma once

#include "model/attribute_value.h"

namespace millrace {

inline constexpr size_t kItemBytesMax = 400 * 1024;

// Of the value alone, without its attribute's name.
[[nodiscard]] size_t size_bytes(const AttributeValue& value);
// Names and values of all attributes.
[[nodiscard]] size_t item_size_bytes(const AttributeMap& item);

}  // namespace millrace
