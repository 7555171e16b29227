#include "functions/operations/tags.h"

#include "functions/function_name.h"

namespace millrace::functions {
namespace {

constexpr size_t kTagsMax = 50;
constexpr size_t kKeyCharactersMax = 128;
constexpr size_t kValueCharactersMax = 256;

size_t character_count(std::string_view text) {
  size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  }
  return count;
}

Status check_tag(std::string_view key, std::string_view value) {
  if (key.empty() || character_count(key) > kKeyCharactersMax) {
    return invalid_parameter("A tag key must have 1 to 128 characters");
  }
  if (character_count(value) > kValueCharactersMax) {
    return invalid_parameter("A tag value must have no more than 256 characters");
  }
  if (key.starts_with("aws:")) {
    return invalid_parameter("Tag keys that begin with aws: are reserved");
  }
  return Done{};
}

}  // namespace

Result<std::map<std::string, std::string>> read_tags(json::Object input) {
  std::map<std::string, std::string> tags;
  const auto member = json::member(input, "Tags");
  if (!member) return tags;
  const json::Object object = member->get_object().value_unsafe();
  for (const auto [key, value] : object) {
    const std::string_view text = value.is_null() ? "" : value.get_string().value_unsafe();
    TRY(check_tag(key, text));
    tags[std::string(key)] = text;
  }
  TRY(check_tag_count(tags.size()));
  return tags;
}

Status check_tag_count(size_t count) {
  if (count <= kTagsMax) return Done{};
  return invalid_parameter("A function may have no more than 50 tags");
}

bool is_function_arn(std::string_view arn) {
  return arn.find(":function:") != std::string_view::npos;
}

}  // namespace millrace::functions
