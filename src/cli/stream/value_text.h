// Attribute values as people read them: "text", 12.5, true, null, ["list"], {name: "map"},
// <<"set">>, binary("base64").
#pragma once

#include <string>

#include "model/attribute_value.h"

namespace millrace::cli::stream {

void append_value(std::string& out, const AttributeValue& value);
// In quotes unless it is letters, digits, '_' and '-'.
void append_name(std::string& out, std::string_view name);

}  // namespace millrace::cli::stream
