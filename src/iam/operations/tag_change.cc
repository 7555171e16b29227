#include "iam/operations/tag_change.h"

#include <set>

#include "iam/operations/input.h"

namespace millrace::iam {
namespace {

constexpr size_t kTagsMax = 50;

void remove_tag(Tags& tags, const std::string& lower_key) {
  std::erase_if(tags, [&](const auto& tag) { return entity_key(tag.first) == lower_key; });
}

}  // namespace

Result<Tags> with_tags(Tags tags, json::Object input) {
  const auto value = json::member(input, "Tags");
  if (!value) return tags;
  std::set<std::string> named;
  const json::Array array = value->get_array().value_unsafe();
  for (const auto element : array) {
    const json::Object tag = element.get_object().value_unsafe();
    std::string key = text_of(tag, "Key");
    const std::string lower_key = entity_key(key);
    if (!named.insert(lower_key).second) {
      return invalid_input(
          "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    if (lower_key.starts_with("aws:")) {
      return invalid_input("'aws:' prefixed tag keys are not allowed for external use.");
    }
    remove_tag(tags, lower_key);
    tags[std::move(key)] = text_of(tag, "Value");
  }
  if (tags.size() > kTagsMax) {
    return limit_exceeded("The number of tags has reached the maximum limit.");
  }
  return tags;
}

Tags without_tags(Tags tags, json::Object input) {
  for (const std::string& key : texts_of(input, "TagKeys")) remove_tag(tags, entity_key(key));
  return tags;
}

}  // namespace millrace::iam
