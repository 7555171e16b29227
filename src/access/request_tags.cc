#include "access/request_tags.h"

#include "access/entity_resources.h"
#include "access/letter_case.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

// As the services name them: objects with Key and Value, a map, or keys alone.
template <typename Visit>
void each_request_tag(json::Object input, Visit visit) {
  for (const std::string_view member : {"Tags", "tags", "TagsList", "TagKeys", "tagKeys"}) {
    const auto tags = json::member(input, member);
    json::Array list;
    json::Object map;
    if (!tags) continue;
    if (tags->get(list) == simdjson::SUCCESS) {
      for (const json::Element element : list) {
        json::Object tag;
        std::string_view key;
        if (element.get(key) == simdjson::SUCCESS) {
          visit(key, std::nullopt);
        } else if (element.get(tag) == simdjson::SUCCESS) {
          visit(ops::optional_string(tag, "Key").value_or(""), ops::optional_string(tag, "Value"));
        }
      }
    } else if (tags->get(map) == simdjson::SUCCESS) {
      for (const auto [key, element] : map) {
        std::string_view value;
        if (element.get(value) == simdjson::SUCCESS) visit(key, std::optional(value));
      }
    }
  }
}

template <typename Tags>
std::optional<std::string> tag_of(const Tags& tags, std::string_view key) {
  for (const auto& [name, value] : tags) {
    if (same_but_for_case(name, key)) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> request_tag(json::Object input, std::string_view key) {
  std::optional<std::string> found;
  each_request_tag(input, [&](std::string_view name, std::optional<std::string_view> value) {
    if (value && !found && same_but_for_case(name, key)) found = std::string(*value);
  });
  return found;
}

std::optional<std::vector<std::string>> request_tag_keys(json::Object input) {
  std::vector<std::string> keys;
  each_request_tag(input, [&](std::string_view name, std::optional<std::string_view> /*value*/) {
    keys.emplace_back(name);
  });
  if (keys.empty()) return std::nullopt;
  return keys;
}

std::optional<std::string> resource_tag(const catalog::Catalog& catalog, const Inquiry& inquiry,
                                        const Part& part, std::string_view key) {
  if (!part.table_name.empty()) {
    const auto table = catalog.find_table(part.table_name);
    return table ? tag_of(table->tags, key) : std::nullopt;
  }
  if (part.entity_arn.empty()) return std::nullopt;
  const auto account = inquiry.account();
  const iam::Entity* entity = account ? find_entity(*account, part.entity_arn) : nullptr;
  return entity != nullptr ? tag_of(entity->tags, key) : std::nullopt;
}

}  // namespace millrace::access
