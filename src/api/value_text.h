#pragma once

#include <string>

#include "api/shapes.h"
#include "json/document.h"

namespace millrace::api {

// A value as the service prints it in validation messages: strings as they are, lists as "[a, b]",
// maps as "{k=v}", structures as "Name(member=v, other=null)". Long ones are cut.
[[nodiscard]] std::string value_text(const Shape& shape, json::Element value);
// "TableName" as "tableName".
[[nodiscard]] std::string lower_first(std::string_view name);

}  // namespace millrace::api
