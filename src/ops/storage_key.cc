#include "ops/storage_key.h"

#include <algorithm>

#include "base/check.h"
#include "model/key_codec.h"

namespace millrace::ops {
namespace {

// The first key behind all that begin with `prefix`; none when no key can be.
std::optional<Bytes> behind_prefix(Bytes prefix) {
  while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  ++prefix.back();
  return prefix;
}

// The first key behind `key` itself.
Bytes behind(Bytes key) {
  key.push_back('\0');
  return key;
}

Bytes key_of(const AttributeValue& partition_key) {
  return Bytes(1, kItemTag) + encode_partition_key(partition_key);
}

Bytes key_of(const AttributeValue& partition_key, const AttributeValue& sort_key) {
  Bytes key = key_of(partition_key);
  append_sort_key(key, sort_key);
  return key;
}

}  // namespace

ItemKey make_item_key(const catalog::KeySchema& schema, Item attributes) {
  ItemKey key;
  const AttributeValue& partition_key = attributes.find(schema.partition_key.name)->second;
  key.hash = hash_of_partition_key(partition_key);
  key.storage_key = Bytes(1, kItemTag) + encode_partition_key(partition_key);
  if (schema.sort_key) {
    append_sort_key(key.storage_key, attributes.find(schema.sort_key->name)->second);
  }
  key.attributes = std::move(attributes);
  return key;
}

engine::KeyRange range_of_hashes(uint64_t first_hash, uint64_t last_hash) {
  Bytes first(1, kItemTag);
  append_u64(first, first_hash);
  Bytes last(1, kItemTag);
  append_u64(last, last_hash);
  return {std::move(first), behind_prefix(std::move(last))};
}

engine::KeyRange range_of_partition_key(const AttributeValue& partition_key) {
  const Bytes prefix = key_of(partition_key);
  return {prefix, behind_prefix(prefix)};
}

engine::KeyRange range_of_sort_keys(const AttributeValue& partition_key,
                                    const expr::KeyComparison& comparison) {
  MILLRACE_CHECK(comparison.comparison != expr::KeyOperator::kNotIndexable);
  engine::KeyRange range = range_of_partition_key(partition_key);
  const Bytes key = key_of(partition_key, comparison.operands.front());
  switch (comparison.comparison) {
    case expr::KeyOperator::kEqual:
      return {key, behind(key)};
    case expr::KeyOperator::kLess:
      range.to = key;
      break;
    case expr::KeyOperator::kLessOrEqual:
      range.to = behind(key);
      break;
    case expr::KeyOperator::kGreater:
      range.from = behind(key);
      break;
    case expr::KeyOperator::kGreaterOrEqual:
      range.from = key;
      break;
    case expr::KeyOperator::kBetween:
      return {key, behind(key_of(partition_key, comparison.operands.back()))};
    case expr::KeyOperator::kBeginsWith:
      return {key, behind_prefix(key)};
    case expr::KeyOperator::kNotIndexable:
      break;
  }
  return range;
}

void begin_behind(engine::KeyRange& range, engine::Direction direction, const Bytes& storage_key) {
  if (direction == engine::Direction::kForward) {
    range.from = std::max(range.from, behind(storage_key));
  } else if (!range.to || storage_key < *range.to) {
    range.to = storage_key;
  }
}

}  // namespace millrace::ops
