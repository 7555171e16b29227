#include "iam/operations/simulated_context.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "iam/operations/input.h"

namespace millrace::iam {
namespace {

bool is_number(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

// Of other types, the operator of a condition reads what it can.
bool is_of_type(std::string_view type, std::string_view value) {
  if (type.starts_with("numeric")) return is_number(value);
  if (type.starts_with("boolean")) {
    const std::string lower = entity_key(value);
    return lower == "true" || lower == "false";
  }
  return true;
}

}  // namespace

Result<SimulatedContext> SimulatedContext::read(json::Object input, const auth::Principal* caller) {
  SimulatedContext context;
  if (caller != nullptr) {
    context.values_["aws:principalarn"] = {caller->arn};
    if (!caller->id.empty()) context.values_["aws:userid"] = {caller->id};
    if (!caller->user_name.empty()) context.values_["aws:username"] = {caller->user_name};
    for (const auth::Tag& tag : caller->tags) {
      context.values_[entity_key("aws:PrincipalTag/" + tag.key)] = {tag.value};
    }
  }
  const auto entries = json::member(input, "ContextEntries");
  if (!entries) return context;
  const json::Array array = entries->get_array().value_unsafe();
  for (const auto entry : array) {
    if (auto status = context.add(entry.get_object().value_unsafe()); !status) {
      return std::move(status).error();
    }
  }
  return context;
}

Status SimulatedContext::add(json::Object entry) {
  const std::string name = text_of(entry, "ContextKeyName");
  const std::string type = optional_text(entry, "ContextKeyType").value_or("string");
  std::vector<std::string> values = texts_of(entry, "ContextKeyValues");
  if (name.empty()) return invalid_input("A context entry must have a ContextKeyName.");
  if (!type.ends_with("List") && values.size() != 1) {
    return invalid_input(
        fmt::format("Context key {} of type {} must have exactly one value.", name, type));
  }
  for (const std::string& value : values) {
    if (is_of_type(type, value)) continue;
    return invalid_input(
        fmt::format("Value {} of context key {} is not of type {}.", value, name, type));
  }
  values_[entity_key(name)] = std::move(values);
  return Done{};
}

std::optional<std::vector<std::string>> SimulatedContext::values(std::string_view key) const {
  std::string lower = entity_key(key);
  const auto found = values_.find(lower);
  if (found != values_.end()) return found->second;
  missing_.emplace(std::move(lower), key);
  return std::nullopt;
}

std::vector<std::string> SimulatedContext::take_missing() const {
  std::vector<std::string> keys;
  for (auto& [lower, key] : missing_) keys.push_back(std::move(key));
  missing_.clear();
  return keys;
}

}  // namespace millrace::iam
