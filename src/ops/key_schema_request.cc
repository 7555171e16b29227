#include "ops/key_schema_request.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ops/input.h"

namespace millrace::ops {
namespace {

using catalog::CompositeKeySchema;
using catalog::KeyAttribute;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
constexpr size_t kTableKeysMax = 2;
// Developer Guide, "Multi-attribute keys pattern".
constexpr size_t kIndexKeysOfAKindMax = 4;

struct KeyElement {
  std::string attribute_name;
  bool is_sort_key;
};
using KeyElements = std::vector<KeyElement>;

KeyElements read_key_elements(json::Object input) {
  KeyElements elements;
  for (json::Object element : objects_of(input, "KeySchema")) {
    elements.push_back({string_or_empty(element, "AttributeName"),
                        string_or_empty(element, "KeyType") == "RANGE"});
  }
  return elements;
}

const KeyAttribute* find_definition(const AttributeDefinitions& definitions,
                                    std::string_view name) {
  auto found =
      std::find_if(definitions.begin(), definitions.end(),
                   [&](const KeyAttribute& definition) { return definition.name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

std::string names_of(const AttributeDefinitions& definitions) {
  std::vector<std::string_view> names;
  for (const KeyAttribute& definition : definitions) names.push_back(definition.name);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

Status check_defined(const KeyElements& keys, const AttributeDefinitions& definitions) {
  std::vector<std::string_view> names;
  bool all_defined = true;
  for (const KeyElement& key : keys) {
    names.push_back(key.attribute_name);
    all_defined = all_defined && find_definition(definitions, key.attribute_name) != nullptr;
  }
  if (all_defined) return Done{};
  return validation_error(fmt::format(
      "{}Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], "
      "AttributeDefinitions: {}",
      kInvalid, fmt::join(names, ", "), names_of(definitions)));
}

Status check_distinct(const KeyElements& keys) {
  std::set<std::string_view> names;
  for (const KeyElement& key : keys) names.insert(key.attribute_name);
  if (names.size() == keys.size()) return Done{};
  return validation_error(
      keys.size() == 2
          ? "Both the Hash Key and the Range Key element in the KeySchema have the same name"
          : "The KeySchema contains multiple key attributes with the same name");
}

Error too_many_keys(std::string_view key_type) {
  return validation_error(
      fmt::format("{}The KeySchema exceeds the maximum allowed number of {} key attributes",
                  kInvalid, key_type));
}

// One HASH element, perhaps one RANGE element behind it.
Status check_kinds_of_two(const KeyElements& keys) {
  if (keys[0].is_sort_key) {
    return validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (keys.size() > 1 && !keys[1].is_sort_key) {
    return validation_error(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return Done{};
}

// Up to four HASH elements, then up to four RANGE elements.
Status check_kinds_of_many(const KeyElements& keys) {
  if (keys[0].is_sort_key) return check_kinds_of_two(keys);
  auto is_sort_key = [](const KeyElement& key) { return key.is_sort_key; };
  const auto first_sort_key = std::find_if(keys.begin(), keys.end(), is_sort_key);
  if (!std::all_of(first_sort_key, keys.end(), is_sort_key)) {
    return validation_error(fmt::format(
        "{}All HASH key attributes must precede RANGE key attributes in the KeySchema", kInvalid));
  }
  const auto partition_keys = static_cast<size_t>(first_sort_key - keys.begin());
  if (partition_keys > kIndexKeysOfAKindMax) return too_many_keys("HASH");
  if (keys.size() - partition_keys > kIndexKeysOfAKindMax) return too_many_keys("RANGE");
  return Done{};
}

CompositeKeySchema schema_of(const KeyElements& keys, const AttributeDefinitions& definitions) {
  CompositeKeySchema schema;
  for (const KeyElement& key : keys) {
    auto& attributes = key.is_sort_key ? schema.sort_keys : schema.partition_keys;
    attributes.push_back(*find_definition(definitions, key.attribute_name));
  }
  return schema;
}

}  // namespace

Result<AttributeDefinitions> read_attribute_definitions(json::Object input) {
  AttributeDefinitions definitions;
  for (json::Object definition : objects_of(input, "AttributeDefinitions")) {
    const auto type = attribute_type_of_name(string_or_empty(definition, "AttributeType"));
    std::string name = string_or_empty(definition, "AttributeName");
    if (find_definition(definitions, name) != nullptr) {
      return validation_error("Attribute Name is duplicated: " + name);
    }
    definitions.push_back({std::move(name), type.value()});
  }
  return definitions;
}

Result<catalog::KeySchema> read_table_key_schema(json::Object input,
                                                 const AttributeDefinitions& definitions) {
  const auto keys = read_key_elements(input);
  if (keys.size() > definitions.size()) {
    return validation_error("Invalid KeySchema: Some index key attribute have no definition");
  }
  TRY(check_defined(keys, definitions));
  TRY(check_distinct(keys));
  TRY(check_kinds_of_two(keys));
  if (keys.size() > kTableKeysMax) return too_many_keys("RANGE");
  const auto schema = schema_of(keys, definitions);
  catalog::KeySchema table_schema{schema.partition_keys.front(), std::nullopt};
  if (!schema.sort_keys.empty()) table_schema.sort_key = schema.sort_keys.front();
  return table_schema;
}

Result<CompositeKeySchema> read_index_key_schema(json::Object index, bool global,
                                                 const AttributeDefinitions& definitions) {
  const auto keys = read_key_elements(index);
  TRY(check_defined(keys, definitions));
  TRY(check_distinct(keys));
  TRY(global ? check_kinds_of_many(keys) : check_kinds_of_two(keys));
  if (!global && keys.size() > kTableKeysMax) return too_many_keys("RANGE");
  return schema_of(keys, definitions);
}

Status check_all_used(const catalog::Table& table) {
  std::set<std::string> used;
  for (std::string& name : table.key_schema.attribute_names()) used.insert(std::move(name));
  for (const catalog::Index& index : table.indexes) {
    for (const KeyAttribute& key : index.key_schema.attributes()) used.insert(key.name);
  }
  if (used.size() == table.attribute_definitions.size()) return Done{};
  if (table.indexes.empty()) {
    return validation_error(
        fmt::format("{}Number of attributes in KeySchema does not exactly match number of "
                    "attributes defined in AttributeDefinitions",
                    kInvalid));
  }
  return validation_error(
      fmt::format("{}Some AttributeDefinitions are not used. AttributeDefinitions: {}, keys used: "
                  "[{}]",
                  kInvalid, names_of(table.attribute_definitions), fmt::join(used, ", ")));
}

}  // namespace millrace::ops
