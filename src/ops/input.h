// Members of a request that has passed validation: their JSON types are right, so these cannot
// fail.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace millrace::ops {

[[nodiscard]] std::optional<std::string_view> optional_string(json::Object input,
                                                              std::string_view name);
// Empty when absent.
[[nodiscard]] std::string string_or_empty(json::Object input, std::string_view name);
// A JSON number; fractions are cut off, as the service does.
[[nodiscard]] std::optional<int64_t> optional_integer(json::Object input, std::string_view name);
// A JSON boolean, or one of the strings that the service takes for one.
[[nodiscard]] std::optional<bool> optional_boolean(json::Object input, std::string_view name);
[[nodiscard]] std::optional<json::Object> optional_object(json::Object input,
                                                          std::string_view name);
// Empty when absent.
[[nodiscard]] std::vector<json::Object> objects_of(json::Object input, std::string_view name);

// ValidationException that names the first of `names` that is present: this server does not know
// what to do with it, and does not pretend to.
[[nodiscard]] Status refuse_unsupported(json::Object input,
                                        std::initializer_list<std::string_view> names);

}  // namespace millrace::ops
