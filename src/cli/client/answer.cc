#include "cli/client/answer.h"

#include "json/scalar.h"

namespace millrace::cli {

namespace {

template <typename T>
std::optional<T> find(json::Object object, std::string_view name) {
  T value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> find_text(json::Object object, std::string_view name) {
  const auto text = find<std::string_view>(object, name);
  if (!text) return std::nullopt;
  return std::string(*text);
}

std::string text_of(json::Object object, std::string_view name) {
  return find_text(object, name).value_or("");
}

std::optional<int64_t> find_integer(json::Object object, std::string_view name) {
  const auto value = json::member(object, name);
  return value ? json::to_integer(*value) : std::nullopt;
}

std::optional<double> find_number(json::Object object, std::string_view name) {
  return find<double>(object, name);
}

bool is_true(json::Object object, std::string_view name) {
  return find<bool>(object, name).value_or(false);
}

std::optional<json::Object> find_object(json::Object object, std::string_view name) {
  return find<json::Object>(object, name);
}

std::vector<json::Object> objects_of(json::Object object, std::string_view name) {
  std::vector<json::Object> objects;
  const auto array = find<json::Array>(object, name);
  if (!array) return objects;
  objects.reserve(array->size());
  for (const json::Element element : *array) {
    json::Object member;
    if (element.get(member) == simdjson::SUCCESS) objects.push_back(member);
  }
  return objects;
}

json::Object root_of(const json::Document& document) {
  json::Object root;
  MILLRACE_CHECK(document.root().get(root) == simdjson::SUCCESS);
  return root;
}

}  // namespace millrace::cli
