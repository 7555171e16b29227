#include "ops/index_entry.h"

#include <algorithm>

#include "model/item_encoding.h"
#include "model/key_codec.h"
#include "ops/storage_key.h"

namespace millrace::ops {
namespace {

using catalog::Index;
using catalog::KeyAttribute;
using catalog::ProjectionType;
using catalog::Table;

Error unreadable() {
  return internal_error("a stored item cannot be read");
}

bool is_key_of(const std::vector<KeyAttribute>& keys, std::string_view name) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyAttribute& key) { return key.name == name; });
}

bool is_key(const Index& index, std::string_view name) {
  return is_key_of(index.key_schema.partition_keys, name) ||
         is_key_of(index.key_schema.sort_keys, name);
}

// The attributes of an encoded item that `wanted` picks by name.
template <typename Wanted>
std::optional<Item> read_attributes(ByteView item, const Wanted& wanted) {
  auto reader = EncodedReader::of_item(item);
  if (!reader) return std::nullopt;
  Item read;
  while (reader->remaining() > 0) {
    auto name = reader->next_name();
    auto value = name ? reader->next() : std::nullopt;
    if (!value) return std::nullopt;
    if (!wanted(*name)) continue;
    auto decoded = decode_value(*value);
    if (!decoded) return std::nullopt;
    read.emplace_hint(read.end(), std::string(*name), std::move(*decoded));
  }
  return read;
}

bool has_keys(const Item& item, const std::vector<KeyAttribute>& keys, bool are_sort_keys) {
  return std::all_of(keys.begin(), keys.end(), [&](const KeyAttribute& key) {
    auto found = item.find(key.name);
    return found != item.end() && fits_index_key(key, found->second, are_sort_keys);
  });
}

}  // namespace

Result<std::optional<IndexEntry>> index_entry(const Table& table, const Index& index,
                                              ByteView storage_key, ByteView item) {
  auto keys = read_attributes(item, [&](std::string_view name) { return is_key(index, name); });
  if (!keys) return unreadable();
  if (!has_keys(*keys, index.key_schema.partition_keys, false) ||
      !has_keys(*keys, index.key_schema.sort_keys, true)) {
    return std::optional<IndexEntry>();
  }
  IndexEntry entry{index_entry_key(table, index, storage_key, *keys), {}};
  if (index.projection_type == ProjectionType::kAll) {
    entry.item = item;
  } else {
    auto projected =
        read_attributes(item, [&](std::string_view name) { return projects(table, index, name); });
    if (!projected) return unreadable();
    entry.item = encode_item(*projected);
  }
  return std::optional(std::move(entry));
}

Bytes index_entry_key(const Table& table, const Index& index, ByteView storage_key,
                      const Item& keys) {
  std::vector<AttributeValue> partition_keys;
  for (const KeyAttribute& key : index.key_schema.partition_keys) {
    partition_keys.push_back(keys.find(key.name)->second);
  }
  Bytes entry_key = KeySpace::of_index(index).prefix() + encode_partition_key(partition_keys);
  for (const KeyAttribute& key : index.key_schema.sort_keys) {
    append_delimited_sort_key(entry_key, keys.find(key.name)->second);
  }
  // What is left to tell items apart: a local index's entry has the item's partition key already.
  entry_key += index.global ? storage_key.substr(1)
                            : split_storage_key(table.key_schema, storage_key).sort_key;
  return entry_key;
}

bool fits_index_key(const KeyAttribute& attribute, const AttributeValue& value, bool is_sort_key) {
  if (value.type() != attribute.type) return false;
  const Bytes* bytes = value.get_if<std::string>();
  if (const auto* binary = value.get_if<Binary>()) bytes = &binary->bytes;
  if (bytes == nullptr) return true;
  return !bytes->empty() &&
         bytes->size() <= (is_sort_key ? kSortKeyBytesMax : kPartitionKeyBytesMax);
}

bool projects(const Table& table, const Index& index, std::string_view attribute_name) {
  if (index.projection_type == ProjectionType::kAll) return true;
  const auto& included = index.non_key_attributes;
  return table.key_schema.contains(attribute_name) || is_key(index, attribute_name) ||
         std::find(included.begin(), included.end(), attribute_name) != included.end();
}

}  // namespace millrace::ops
