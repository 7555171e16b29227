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
std::optional<Bytes> behind(Bytes key) {
  key.push_back('\0');
  return key;
}

}  // namespace

ItemKey make_item_key(const catalog::KeySchema& schema, Item attributes) {
  ItemKey key;
  const AttributeValue& partition_key = attributes.find(schema.partition_key.name)->second;
  key.storage_key = Bytes(1, kItemTag) + encode_partition_key(partition_key);
  key.hash = hash_of_storage_key(key.storage_key);
  if (schema.sort_key) {
    append_sort_key(key.storage_key, attributes.find(schema.sort_key->name)->second);
  }
  key.attributes = std::move(attributes);
  return key;
}

Bytes backfill_key(uint32_t index_number) {
  Bytes key{"\0B", 2};
  append_u32(key, index_number);
  return key;
}

KeySpace KeySpace::of_items() {
  return {Bytes(1, kItemTag), false};
}

KeySpace KeySpace::of_index(const catalog::Index& index) {
  if (index.global) return {Bytes(1, kItemTag), true};
  Bytes prefix(1, kLocalIndexTag);
  append_u32(prefix, index.number);
  return {std::move(prefix), true};
}

engine::KeyRange KeySpace::range_of_hashes(uint64_t first_hash, uint64_t last_hash) const {
  Bytes first = prefix_;
  append_u64(first, first_hash);
  Bytes last = prefix_;
  append_u64(last, last_hash);
  return {std::move(first), behind_prefix(std::move(last))};
}

engine::KeyRange KeySpace::range_of_keys(const std::vector<AttributeValue>& partition_keys,
                                         const std::vector<expr::KeyComparison>& sort_keys) const {
  Bytes shared = prefix_ + encode_partition_key(partition_keys);
  for (size_t i = 0; i + 1 < sort_keys.size(); ++i) {
    MILLRACE_CHECK(sort_keys[i].comparison == expr::KeyOperator::kEqual);
    append_delimited_sort_key(shared, sort_keys[i].operands.front());
  }
  if (!sort_keys.empty()) return narrowed(shared, sort_keys.back());
  return {shared, behind_prefix(shared)};
}

engine::KeyRange KeySpace::narrowed(const Bytes& shared,
                                    const expr::KeyComparison& comparison) const {
  using expr::KeyOperator;
  auto key_of = [&](const AttributeValue& sort_key) {
    Bytes key = shared;
    if (delimited_) {
      append_delimited_sort_key(key, sort_key);
    } else {
      append_sort_key(key, sort_key);
    }
    return key;
  };
  auto behind_key = [&](Bytes key) {
    return delimited_ ? behind_prefix(std::move(key)) : behind(std::move(key));
  };
  engine::KeyRange range{shared, behind_prefix(shared)};
  const AttributeValue& operand = comparison.operands.front();
  const Bytes key = key_of(operand);
  switch (comparison.comparison) {
    case KeyOperator::kEqual:
      return {key, behind_key(key)};
    case KeyOperator::kLess:
      range.to = key;
      break;
    case KeyOperator::kLessOrEqual:
      range.to = behind_key(key);
      break;
    case KeyOperator::kGreater:
      range.from = behind_key(key).value();
      break;
    case KeyOperator::kGreaterOrEqual:
      range.from = key;
      break;
    case KeyOperator::kBetween:
      return {key, behind_key(key_of(comparison.operands.back()))};
    case KeyOperator::kBeginsWith: {
      if (!delimited_) return {key, behind_prefix(key)};
      Bytes prefix = shared;
      append_delimited_sort_key_prefix(prefix, operand);
      return {prefix, behind_prefix(prefix)};
    }
    case KeyOperator::kNotIndexable:
      MILLRACE_CHECK(false);
  }
  return range;
}

uint64_t hash_of_storage_key(ByteView storage_key) {
  MILLRACE_CHECK(!storage_key.empty() && storage_key.front() == kItemTag);
  auto hash = ByteReader(storage_key.substr(1)).read_u64();
  MILLRACE_CHECK(hash.has_value());
  return *hash;
}

StorageKeyParts split_storage_key(const catalog::KeySchema& schema, ByteView storage_key) {
  MILLRACE_CHECK(!storage_key.empty() && storage_key.front() == kItemTag);
  storage_key.remove_prefix(1);
  const size_t length = partition_key_bytes(storage_key, schema.partition_key.type);
  return {storage_key.substr(0, length), storage_key.substr(length)};
}

void begin_behind(engine::KeyRange& range, engine::Direction direction, const Bytes& storage_key) {
  if (direction == engine::Direction::kForward) {
    range.from = std::max(range.from, *behind(storage_key));
  } else if (!range.to || storage_key < *range.to) {
    range.to = storage_key;
  }
}

}  // namespace millrace::ops
