#include "ops/input.h"

#include <fmt/format.h>

#include "json/scalar.h"

namespace millrace::ops {

std::optional<std::string_view> optional_string(json::Object input, std::string_view name) {
  std::string_view text;
  auto member = json::member(input, name);
  if (!member || member->get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::string string_or_empty(json::Object input, std::string_view name) {
  return std::string(optional_string(input, name).value_or(""));
}

std::optional<int64_t> optional_integer(json::Object input, std::string_view name) {
  auto member = json::member(input, name);
  return member ? json::to_integer(*member) : std::nullopt;
}

std::optional<bool> optional_boolean(json::Object input, std::string_view name) {
  auto member = json::member(input, name);
  return member ? json::to_boolean(*member) : std::nullopt;
}

std::optional<json::Object> optional_object(json::Object input, std::string_view name) {
  json::Object object;
  auto member = json::member(input, name);
  if (!member || member->get(object) != simdjson::SUCCESS) return std::nullopt;
  return object;
}

std::vector<json::Object> objects_of(json::Object input, std::string_view name) {
  std::vector<json::Object> objects;
  json::Array array;
  auto member = json::member(input, name);
  if (!member || member->get(array) != simdjson::SUCCESS) return objects;
  for (json::Element element : array) {
    json::Object object;
    if (element.get(object) == simdjson::SUCCESS) objects.push_back(object);
  }
  return objects;
}

Status refuse_unsupported(json::Object input, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    if (json::member(input, name)) {
      return validation_error(
          fmt::format("The parameter '{}' is not supported by this version of Millrace", name));
    }
  }
  return Done{};
}

}  // namespace millrace::ops
