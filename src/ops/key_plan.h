// What a PartiQL WHERE asks of the key attributes: the ranges of keys to read, or that the whole
// table or index must be looked through.
#pragma once

#include <optional>
#include <vector>

#include "catalog/key_schema.h"
#include "engine/engine.h"
#include "expr/condition_node.h"
#include "ops/storage_key.h"

namespace millrace::ops {

// The items of one partition key, or a range of them.
struct KeyRead {
  AttributeValue partition_key;
  // When the condition asks for exactly this one and for no other condition on the sort key.
  std::optional<AttributeValue> sort_key;
  engine::KeyRange range;
  // Of the attributes that decide what the range cannot. In the order of the condition, with
  // repetitions.
  std::vector<std::string> filter_names;
  bool filtered = false;  // the condition asks for more than the range says
};

// In order of partition key and range, none of which overlap; nullopt unless every way to meet the
// condition has an equality on the partition key. ValidationException for conditions on keys that
// have another type, for too many ranges, and for ranges that overlap. Asserts that the schema has
// one partition key and at most one sort key.
[[nodiscard]] Result<std::optional<std::vector<KeyRead>>> plan_key_reads(
    const catalog::CompositeKeySchema& schema, const KeySpace& space,
    const expr::ConditionNode& where);

// The equalities of a condition that must all hold.
struct KeyEqualities {
  Item key;                                 // the key attributes
  std::optional<expr::ConditionNode> rest;  // what else must hold
};

// ValidationException unless they name one item.
[[nodiscard]] Result<KeyEqualities> find_key_equalities(
    const catalog::KeySchema& schema, const std::optional<expr::ConditionNode>& where);

}  // namespace millrace::ops
