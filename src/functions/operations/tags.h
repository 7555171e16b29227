#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "json/document.h"

namespace millrace::functions {

// The member Tags. InvalidParameterValueException for keys and values that are too long or the
// service's own.
[[nodiscard]] Result<std::map<std::string, std::string>> read_tags(json::Object input);
// InvalidParameterValueException for more than there may be.
[[nodiscard]] Status check_tag_count(size_t count);

// Whether the ARN is of a function, and not of another kind of resource with tags.
[[nodiscard]] bool is_function_arn(std::string_view arn);

}  // namespace millrace::functions
