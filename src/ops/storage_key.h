// The keys of one partition in the engine (docs/formats/items.md).
#pragma once

#include "base/result.h"
#include "catalog/table.h"
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

}  // namespace millrace::ops
