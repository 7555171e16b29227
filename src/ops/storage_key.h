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
// Before an entry of a local index.
inline constexpr char kLocalIndexTag = 2;
// Before the size of an item collection.
inline constexpr char kCollectionTag = 3;
// How far the entries of an index that is being built have come.
[[nodiscard]] Bytes backfill_key(uint32_t index_number);

// An item's primary key in the forms that reading and writing need.
struct ItemKey {
  Item attributes;
  uint64_t hash = 0;  // of the partition key
  Bytes storage_key;
};

// `attributes` are exactly the key attributes, with the schema's types.
[[nodiscard]] ItemKey make_item_key(const catalog::KeySchema& schema, Item attributes);

// The keys of what a Query or Scan reads: all items of a table, or all entries of an index.
class KeySpace {
 public:
  static KeySpace of_items();
  static KeySpace of_index(const catalog::Index& index);

  // In front of every key.
  [[nodiscard]] const Bytes& prefix() const { return prefix_; }

  // Of all whose partition keys hash to `first_hash` up to `last_hash`.
  [[nodiscard]] engine::KeyRange range_of_hashes(uint64_t first_hash, uint64_t last_hash) const;
  // Of all with these partition keys whose sort keys meet the comparisons, one for each sort key
  // from the first on, all but the last of them kEqual. Operands have their keys' types.
  [[nodiscard]] engine::KeyRange range_of_keys(
      const std::vector<AttributeValue>& partition_keys,
      const std::vector<expr::KeyComparison>& sort_keys) const;

 private:
  KeySpace(Bytes prefix, bool delimited) : prefix_(std::move(prefix)), delimited_(delimited) {}
  [[nodiscard]] engine::KeyRange narrowed(const Bytes& shared,
                                          const expr::KeyComparison& comparison) const;

  Bytes prefix_;
  bool delimited_;  // whether more follows the sort keys
};

// Of the partition key that an item's storage key holds.
[[nodiscard]] uint64_t hash_of_storage_key(ByteView storage_key);

// The part of an item's storage key that all items of its partition key share, without the tag, and
// the part behind it.
struct StorageKeyParts {
  ByteView partition_key;
  ByteView sort_key;
};
[[nodiscard]] StorageKeyParts split_storage_key(const catalog::KeySchema& schema,
                                                ByteView storage_key);

// Narrows a range to what comes behind `storage_key` in the direction of the scan.
void begin_behind(engine::KeyRange& range, engine::Direction direction, const Bytes& storage_key);

}  // namespace millrace::ops
