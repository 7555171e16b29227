#include "functions/input.h"

#include "json/scalar.h"

namespace millrace::functions {

std::optional<std::string> optional_text(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->get_string().value_unsafe());
}

std::string text_or_empty(json::Object input, std::string_view name) {
  return optional_text(input, name).value_or("");
}

std::optional<int64_t> optional_integer(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  if (!value) return std::nullopt;
  return json::to_integer(*value);
}

bool is_set(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  return value && json::to_boolean(*value).value_or(false);
}

std::optional<json::Object> optional_object(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  if (!value || !value->is_object()) return std::nullopt;
  return value->get_object().value_unsafe();
}

}  // namespace millrace::functions
