// Attribute values in DynamoDB JSON: {"S":"text"}, {"N":"1"}, {"M":{...}} …
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "json/document.h"
#include "json/writer.h"
#include "model/attribute_value.h"

namespace millrace::json {

inline constexpr size_t kAttributeNameBytesMax = 65'535;
// The service words it as if its front end had found it.
[[nodiscard]] Error attribute_name_too_large();

// `value` has passed the request's type check (api/validate.h): members have their JSON types and
// binaries are base64. ValidationException with the service's message for no type or several, a bad
// number, an empty set or one with duplicates, NULL false, or nesting beyond 32 levels.
[[nodiscard]] Result<AttributeValue> read_attribute_value(Element value);
// A map of attribute names to values: an item, a key, ExpressionAttributeValues.
[[nodiscard]] Result<AttributeMap> read_attribute_map(Element map);

void write_attribute_value(Writer& writer, const AttributeValue& value);
void write_attribute_map(Writer& writer, const AttributeMap& map);
// From stored bytes (model/item_encoding.h), without building the item. InternalServerError when
// they are not an item.
[[nodiscard]] Status write_encoded_item(Writer& writer, ByteView item);

}  // namespace millrace::json
