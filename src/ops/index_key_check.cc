#include "ops/index_key_check.h"

#include <functional>

#include <fmt/format.h>

#include "model/key_codec.h"
#include "ops/index_entry.h"

namespace millrace::ops {
namespace {

using catalog::Index;
using catalog::KeyAttribute;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

using KeyVisitor = std::function<Status(const Index&, const KeyAttribute&, bool is_sort_key)>;

// Global indexes first, as the service checks them.
Status for_each_index_key(const catalog::Table& table, const KeyVisitor& visit) {
  for (const bool global : {true, false}) {
    for (const Index& index : table.indexes) {
      if (index.global != global) continue;
      for (const KeyAttribute& key : index.key_schema.partition_keys) {
        if (!table.key_schema.contains(key.name)) TRY(visit(index, key, false));
      }
      for (const KeyAttribute& key : index.key_schema.sort_keys) {
        if (!table.key_schema.contains(key.name)) TRY(visit(index, key, true));
      }
    }
  }
  return Done{};
}

Error type_mismatch(const Index& index, const KeyAttribute& key, AttributeType actual) {
  return validation_error(fmt::format(
      "{}Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", kInvalid, key.name,
      attribute_type_name(key.type), attribute_type_name(actual), index.name));
}

const Bytes* bytes_of(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>()) return text;
  if (const auto* binary = value.get_if<Binary>()) return &binary->bytes;
  return nullptr;
}

Status check_length(const Index& index, const KeyAttribute& key, const AttributeValue& value,
                    bool is_sort_key) {
  if (fits_index_key(key, value, is_sort_key)) return Done{};
  if (bytes_of(value)->empty()) {
    return validation_error(fmt::format(
        "One or more parameter values are not valid. A value specified for a secondary index key "
        "is not supported. The AttributeValue for a key attribute cannot contain an empty {} "
        "value. IndexName: {}, IndexKey: {}",
        key.type == AttributeType::kString ? "string" : "binary", index.name, key.name));
  }
  if (is_sort_key) {
    return validation_error(
        fmt::format("{}Aggregated size of all range keys has exceeded the size limit of {} bytes",
                    kInvalid, kSortKeyBytesMax));
  }
  // The service's own text has no space before the number.
  return validation_error(
      fmt::format("{}Size of hashkey has exceeded the maximum size limit of{} "
                  "bytes",
                  kInvalid, kPartitionKeyBytesMax));
}

}  // namespace

Status check_index_keys(const catalog::Table& table, const Item& item) {
  return for_each_index_key(
      table, [&](const Index& index, const KeyAttribute& key, bool is_sort_key) -> Status {
        auto found = item.find(key.name);
        if (found == item.end()) return Done{};
        if (found->second.type() != key.type) {
          return type_mismatch(index, key, found->second.type());
        }
        return check_length(index, key, found->second, is_sort_key);
      });
}

Status check_index_keys_not_empty(const catalog::Table& table, const Item& item) {
  return for_each_index_key(
      table, [&](const Index& index, const KeyAttribute& key, bool is_sort_key) -> Status {
        auto found = item.find(key.name);
        if (found == item.end() || found->second.type() != key.type) return Done{};
        const Bytes* bytes = bytes_of(found->second);
        if (bytes == nullptr || !bytes->empty()) return Done{};
        return check_length(index, key, found->second, is_sort_key);
      });
}

Status check_index_key_update(const catalog::Table& table, const expr::Update& update) {
  TRY(for_each_index_key(table, [&](const Index& index, const KeyAttribute& key, bool) -> Status {
    const auto type = update.assigned_type(key.name);
    if (!type || *type == key.type) return Done{};
    return type_mismatch(index, key, *type);
  }));
  return for_each_index_key(table, [&](const Index&, const KeyAttribute& key, bool) -> Status {
    if (!update.reaches_into(key.name)) return Done{};
    return validation_error(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: IndexKey: " +
        key.name);
  });
}

Status check_updated_index_keys(const catalog::Table& table, const Item& item) {
  return for_each_index_key(
      table, [&](const Index& index, const KeyAttribute& key, bool is_sort_key) -> Status {
        auto found = item.find(key.name);
        if (found == item.end()) return Done{};
        if (found->second.type() != key.type) {
          return validation_error(
              "The update expression attempted to update the secondary index key to unsupported "
              "type");
        }
        return check_length(index, key, found->second, is_sort_key);
      });
}

}  // namespace millrace::ops
