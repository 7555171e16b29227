#include "ops/item_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "json/attribute_value.h"
#include "ops/index_entry.h"

namespace millrace::ops {
namespace {

Error bad_start_key(const Error& why) {
  return validation_error("The provided starting key is invalid: " + why.message);
}

Status check_index_part(const ItemSource& source, const Item& start_key) {
  const Error invalid = validation_error("The provided starting key is invalid");
  if (start_key.size() != source.key_names().size()) return invalid;
  auto fits = [&](const std::vector<catalog::KeyAttribute>& keys, bool are_sort_keys) {
    return std::all_of(keys.begin(), keys.end(), [&](const catalog::KeyAttribute& key) {
      auto found = start_key.find(key.name);
      return found != start_key.end() && fits_index_key(key, found->second, are_sort_keys);
    });
  };
  if (fits(source.key_schema.partition_keys, false) && fits(source.key_schema.sort_keys, true)) {
    return Done{};
  }
  return invalid;
}

Item table_part(const catalog::Table& table, const Item& start_key) {
  Item keys;
  for (const std::string& name : table.key_schema.attribute_names()) {
    auto found = start_key.find(name);
    if (found != start_key.end()) keys.insert(*found);
  }
  return keys;
}

}  // namespace

// The hash comes right behind the prefix.
uint64_t ItemSource::hash_of(ByteView key) const {
  ByteReader reader(key.substr(space.prefix().size()));
  auto hash = reader.read_u64();
  MILLRACE_CHECK(hash.has_value());
  return *hash;
}

std::vector<std::string> ItemSource::key_names() const {
  std::vector<std::string> names = table->key_schema.attribute_names();
  if (index == nullptr) return names;
  for (const catalog::KeyAttribute& key : key_schema.attributes()) {
    if (!table->key_schema.contains(key.name)) names.push_back(key.name);
  }
  return names;
}

Result<ItemSource> find_source(catalog::TablePointer table, std::string_view index_name,
                               bool consistent) {
  if (index_name.empty()) {
    auto schema = catalog::CompositeKeySchema::of(table->key_schema);
    const auto partition = table->items_partition;
    return ItemSource{std::move(table), nullptr, std::move(schema), KeySpace::of_items(),
                      partition};
  }
  const catalog::Index* index = table->find_index(index_name);
  if (index == nullptr) {
    return validation_error(
        fmt::format("The table does not have the specified index: {}", index_name));
  }
  if (index->global && consistent) {
    return validation_error("Consistent reads are not supported on global secondary indexes");
  }
  if (index->backfilling) {
    return validation_error(
        fmt::format("Cannot read from backfilling global secondary index: {}", index_name));
  }
  const auto partition = index->global ? index->partition : table->items_partition;
  return ItemSource{std::move(table), index, index->key_schema, KeySpace::of_index(*index),
                    partition};
}

Result<std::optional<Item>> read_start_key(json::Object input) {
  auto start_key = json::member(input, "ExclusiveStartKey");
  if (!start_key) return std::optional<Item>();
  auto read = json::read_attribute_map(*start_key);
  if (!read.ok()) return bad_start_key(read.error());
  return std::optional(std::move(*read));
}

Result<StartKey> check_start_key(const ItemSource& source, const Item& start_key) {
  const catalog::Table& table = *source.table;
  if (source.index != nullptr) TRY(check_index_part(source, start_key));
  auto item_key = key_from_key(table.key_schema,
                               source.index == nullptr ? start_key : table_part(table, start_key));
  if (!item_key.ok()) return bad_start_key(item_key.error());
  StartKey start;
  start.key = source.index == nullptr
                  ? item_key->storage_key
                  : index_entry_key(table, *source.index, item_key->storage_key, start_key);
  start.hash = source.hash_of(start.key);
  return start;
}

}  // namespace millrace::ops
