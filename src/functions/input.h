// Members of a request that has passed validation: their JSON types are right.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/document.h"

namespace millrace::functions {

// nullopt when absent.
[[nodiscard]] std::optional<std::string> optional_text(json::Object input, std::string_view name);
// Empty when absent.
[[nodiscard]] std::string text_or_empty(json::Object input, std::string_view name);
[[nodiscard]] std::optional<int64_t> optional_integer(json::Object input, std::string_view name);
// False when absent.
[[nodiscard]] bool is_set(json::Object input, std::string_view name);
[[nodiscard]] std::optional<json::Object> optional_object(json::Object input,
                                                          std::string_view name);

}  // namespace millrace::functions
