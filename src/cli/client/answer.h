// Members of a service's answer, which has the types of the API models; what is absent or of
// another type is empty.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/document.h"

namespace millrace::cli {

[[nodiscard]] std::optional<std::string> find_text(json::Object object, std::string_view name);
[[nodiscard]] std::string text_of(json::Object object, std::string_view name);
[[nodiscard]] std::optional<int64_t> find_integer(json::Object object, std::string_view name);
// A time or a rate.
[[nodiscard]] std::optional<double> find_number(json::Object object, std::string_view name);
[[nodiscard]] bool is_true(json::Object object, std::string_view name);
[[nodiscard]] std::optional<json::Object> find_object(json::Object object, std::string_view name);
// Of the member's elements those that are objects.
[[nodiscard]] std::vector<json::Object> objects_of(json::Object object, std::string_view name);
// The root, which ServiceClient::call() has checked.
[[nodiscard]] json::Object root_of(const json::Document& document);

}  // namespace millrace::cli
