#include "logs/input.h"

#include <fmt/format.h>

#include "json/scalar.h"
#include "logs/arn.h"

namespace millrace::logs {

void answer_change(const Call& call, LogStore::Change change, Reply reply) {
  call.store.change(std::move(change), [reply = std::move(reply)](const Status& status) {
    if (!status.ok()) return reply(status.error());
    reply(std::string());
  });
}

std::optional<std::string> optional_string(json::Object input, std::string_view name) {
  std::string_view text;
  const auto member = json::member(input, name);
  if (!member || member->get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::string string_or_empty(json::Object input, std::string_view name) {
  return optional_string(input, name).value_or("");
}

std::optional<int64_t> optional_integer(json::Object input, std::string_view name) {
  const auto member = json::member(input, name);
  return member ? json::to_integer(*member) : std::nullopt;
}

bool flag_of(json::Object input, std::string_view name) {
  const auto member = json::member(input, name);
  return member && json::to_boolean(*member).value_or(false);
}

std::vector<std::string> strings_of(json::Object input, std::string_view name) {
  std::vector<std::string> strings;
  json::Array array;
  const auto member = json::member(input, name);
  if (!member || member->get(array) != simdjson::SUCCESS) return strings;
  for (const json::Element element : array) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) strings.emplace_back(text);
  }
  return strings;
}

Result<Tags> tags_of(json::Object input) {
  Tags tags;
  json::Object object;
  const auto member = json::member(input, "tags");
  if (!member || member->get(object) != simdjson::SUCCESS) return tags;
  for (const auto& [key, value] : object) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) continue;
    if (key.starts_with("aws:")) {
      return invalid_parameter(fmt::format("Tag keys beginning with aws: are reserved: {}", key));
    }
    tags.insert_or_assign(std::string(key), text);
  }
  return tags;
}

Status refuse_unsupported(json::Object input, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (!json::member(input, name)) continue;
    return invalid_parameter(
        fmt::format("The parameter '{}' is not supported by this version of Millrace", name));
  }
  return Done{};
}

Result<std::string> group_name_of(const Call& call) {
  auto name = optional_string(call.input, "logGroupName");
  const auto identifier = optional_string(call.input, "logGroupIdentifier");
  if (name.has_value() == identifier.has_value()) {
    return invalid_parameter("Specify either logGroupName or logGroupIdentifier");
  }
  if (name) return std::move(*name);
  return group_name_of_identifier(call.site, *identifier);
}

Result<GroupPointer> group_of(const Call& call) {
  GroupPointer group = call.store.groups().find(TRY(group_name_of(call)));
  if (group == nullptr) return no_such_group();
  return group;
}

Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalidParameterException, std::move(message)};
}
Error invalid_next_token() {
  return invalid_parameter("The specified nextToken is invalid.");
}
Error no_such_group() {
  return {ErrorCode::kResourceNotFoundException, "The specified log group does not exist."};
}
Error no_such_stream() {
  return {ErrorCode::kResourceNotFoundException, "The specified log stream does not exist."};
}

}  // namespace millrace::logs
