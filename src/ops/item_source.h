// What a Query or Scan reads: a table, or one of its indexes.
#pragma once

#include "ops/item_request.h"

namespace millrace::ops {

struct ItemSource {
  catalog::TablePointer table;
  const catalog::Index* index = nullptr;  // of `table`; nullptr: the table itself
  catalog::CompositeKeySchema key_schema;
  KeySpace space;
  engine::PartitionId partition = 0;  // of the engine: where keys of that space lie

  // Of the partition key that a key of the space holds.
  [[nodiscard]] uint64_t hash_of(ByteView key) const;
  // Of the key attributes of index and table: what LastEvaluatedKey holds.
  [[nodiscard]] std::vector<std::string> key_names() const;
};

// `index_name` may be empty. ValidationException when the table has no such index, when it is still
// being built, and for a consistent read of a global index.
[[nodiscard]] Result<ItemSource> find_source(catalog::TablePointer table,
                                             std::string_view index_name, bool consistent);

// Where a Query or Scan goes on: behind an item that need no longer be there.
struct StartKey {
  Bytes key;          // in the source's key space
  uint64_t hash = 0;  // of its partition key
};

// ExclusiveStartKey, or nullopt.
[[nodiscard]] Result<std::optional<Item>> read_start_key(json::Object input);
// ValidationException for a start key that no item of the source can have.
[[nodiscard]] Result<StartKey> check_start_key(const ItemSource& source, const Item& start_key);

}  // namespace millrace::ops
