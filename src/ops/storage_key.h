// The keys of one partition in the engine (docs/formats/items.md).
#pragma once

#include "base/result.h"
#include "catalog/table.h"
#include "expr/key_condition.h"
#include "model/attribute_value.h"

namespace millrace::ops {

// Before every item.
inline constexpr std::string_view kStatisticsKey{"\0S", 2};
inline constexpr char kItemTag = 1;

// An item's primary key in the forms that reading and writing need.
struct ItemKey {
  Item attributes;
  uint64_t hash = 0;  // of the partition key
  Bytes storage_key;
};

// `attributes` are exactly the key attributes, with the schema's types.
[[nodiscard]] ItemKey make_item_key(const catalog::KeySchema& schema, Item attributes);

// The storage keys of all items whose partition keys hash to `first_hash` up to `last_hash`.
[[nodiscard]] engine::KeyRange range_of_hashes(uint64_t first_hash, uint64_t last_hash);

// The storage keys of all items of one partition key.
[[nodiscard]] engine::KeyRange range_of_partition_key(const AttributeValue& partition_key);

// Narrows range_of_partition_key() to the sort keys that meet `comparison`, whose operands have the
// sort key's type.
[[nodiscard]] engine::KeyRange range_of_sort_keys(const AttributeValue& partition_key,
                                                  const expr::KeyComparison& comparison);

// Narrows a range to what comes behind `storage_key` in the direction of the scan.
void begin_behind(engine::KeyRange& range, engine::Direction direction, const Bytes& storage_key);

}  // namespace millrace::ops
