#include "iam/operations/input.h"

#include "json/scalar.h"

namespace millrace::iam {

std::optional<std::string> optional_text(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  if (!value) return std::nullopt;
  return std::string(value->get_string().value_unsafe());
}

std::string text_of(json::Object input, std::string_view name) {
  return optional_text(input, name).value_or("");
}

std::optional<int64_t> optional_integer(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  return value ? json::to_integer(*value) : std::nullopt;
}

bool flag_of(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  return value && json::to_boolean(*value).value_or(false);
}

std::vector<std::string> texts_of(json::Object input, std::string_view name) {
  std::vector<std::string> texts;
  const auto value = json::member(input, name);
  if (!value) return texts;
  const json::Array array = value->get_array().value_unsafe();
  for (const auto element : array) {
    if (element.is_string()) texts.emplace_back(element.get_string().value_unsafe());
  }
  return texts;
}

}  // namespace millrace::iam
