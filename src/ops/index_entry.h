// What a secondary index keeps of an item (docs/formats/items.md).
#pragma once

#include <optional>

#include "catalog/table.h"

namespace millrace::ops {

// The storage key, in the index's own partition or beside the items, and the projected item.
struct IndexEntry {
  Bytes key;
  Bytes item;
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

// nullopt when the index does not hold the item: a key attribute is missing, or is what no key can
// be. `item` is encoded; InternalServerError when it cannot be read.
[[nodiscard]] Result<std::optional<IndexEntry>> index_entry(const catalog::Table& table,
                                                            const catalog::Index& index,
                                                            ByteView storage_key, ByteView item);

// The key of the entry that an item with these key attributes of table and index has.
[[nodiscard]] Bytes index_entry_key(const catalog::Table& table, const catalog::Index& index,
                                    ByteView storage_key, const Item& keys);

// Whether the value can be that key: its type, not empty, not too long.
[[nodiscard]] bool fits_index_key(const catalog::KeyAttribute& attribute,
                                  const AttributeValue& value, bool is_sort_key);

// Whether the index shows the attribute.
[[nodiscard]] bool projects(const catalog::Table& table, const catalog::Index& index,
                            std::string_view attribute_name);

}  // namespace millrace::ops
