#include "ops/statement_read.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "model/key_codec.h"
#include "ops/batch_request.h"
#include "ops/key_plan.h"

namespace millrace::ops {
namespace {

using Reads = std::vector<KeyRead>;

std::vector<PageStretch> whole_table(const catalog::Table& table) {
  std::vector<PageStretch> stretches;
  for (size_t i = 0; i < table.partitions.size(); ++i) {
    const uint64_t last = i + 1 == table.partitions.size() ? std::numeric_limits<uint64_t>::max()
                                                           : table.partitions[i + 1].first_hash - 1;
    stretches.push_back(
        {table.partitions[i].id, range_of_hashes(table.partitions[i].first_hash, last)});
  }
  return stretches;
}

const partiql::OrderBy* term_of(const partiql::Select& select, std::string_view attribute_name) {
  const auto found = std::find_if(
      select.order_by.begin(), select.order_by.end(),
      [&](const partiql::OrderBy& term) { return term.attribute_name == attribute_name; });
  return found == select.order_by.end() ? nullptr : &*found;
}

Status check_order_by(const partiql::Select& select, const catalog::KeySchema& schema,
                      const std::optional<Reads>& reads) {
  if (select.order_by.empty()) return Done{};
  if (!select.where) {
    return validation_error("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  for (const partiql::OrderBy& term : select.order_by) {
    if (schema.contains(term.attribute_name)) continue;
    return validation_error(fmt::format(
        "Attribute {} in ORDER BY clause must be part of the primary key", term.attribute_name));
  }
  if (!reads) {
    return validation_error(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  const bool several = std::any_of(reads->begin(), reads->end(), [&](const KeyRead& read) {
    return !(read.partition_key == reads->front().partition_key);
  });
  if (several && term_of(select, schema.partition_key.name) == nullptr) {
    return validation_error(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        "WHERE clause.");
  }
  return Done{};
}

// Sort keys descend when ORDER BY names only the partition key.
engine::Direction direction_of(const partiql::Select& select, const catalog::KeySchema& schema) {
  if (select.order_by.empty()) return engine::Direction::kForward;
  const auto* term = schema.sort_key ? term_of(select, schema.sort_key->name) : nullptr;
  const bool ascends = term != nullptr && !term->descending;
  return ascends ? engine::Direction::kForward : engine::Direction::kBackward;
}

// From the order of partition keys and ranges to that of the page. Both orders are of groups with
// one partition key, and within those.
void put_in_order(Reads& reads, const partiql::Select& select, const catalog::KeySchema& schema,
                  engine::Direction direction) {
  const auto* term = term_of(select, schema.partition_key.name);
  const bool keys_descend = term != nullptr && term->descending;
  if (keys_descend) std::reverse(reads.begin(), reads.end());
  if (keys_descend == (direction == engine::Direction::kBackward)) return;
  for (auto group = reads.begin(); group != reads.end();) {
    const auto end = std::find_if(group, reads.end(), [&](const KeyRead& read) {
      return !(read.partition_key == group->partition_key);
    });
    std::reverse(group, end);
    group = end;
  }
}

Result<catalog::TablePointer> find_source(const Database& database, const partiql::Select& select) {
  auto table = TRY(find_table_of_entry(database, select.table_name));
  if (!select.index_name) return table;
  return validation_error("The table does not have the specified index");
}

}  // namespace

Result<SelectPlan> plan_select(const Database& database, const partiql::Select& select) {
  SelectPlan plan;
  plan.table = TRY(find_source(database, select));
  const catalog::KeySchema& schema = plan.table->key_schema;
  std::optional<Reads> reads;
  if (select.where) reads = TRY(plan_key_reads(schema, *select.where));
  TRY(check_order_by(select, schema, reads));
  plan.direction = direction_of(select, schema);
  plan.options.projection = select.projection;
  if (!reads) {
    plan.stretches = whole_table(*plan.table);
    if (select.where) plan.options.filter = expr::Condition::of_node(*select.where);
    return plan;
  }
  put_in_order(*reads, select, schema, plan.direction);
  for (KeyRead& read : *reads) {
    const uint64_t hash = hash_of_partition_key(read.partition_key);
    plan.stretches.push_back({plan.table->partition_of(hash).id, std::move(read.range)});
    if (read.filtered) plan.options.filter = expr::Condition::of_node(*select.where);
  }
  return plan;
}

bool begin_behind(SelectPlan& plan, Item last_key) {
  auto key = key_from_key(plan.table->key_schema, std::move(last_key));
  if (!key.ok()) return false;
  const auto partition = plan.table->partition_of(key->hash).id;
  const auto stretch =
      std::find_if(plan.stretches.begin(), plan.stretches.end(), [&](const PageStretch& one) {
        return one.partition == partition && key->storage_key >= one.range.from &&
               (!one.range.to || key->storage_key < *one.range.to);
      });
  if (stretch == plan.stretches.end()) return false;
  plan.stretches.erase(plan.stretches.begin(), stretch);
  begin_behind(plan.stretches.front().range, plan.direction, key->storage_key);
  return true;
}

Result<KeyedSelect> plan_keyed_select(const Database& database, const partiql::Select& select,
                                      std::string_view operation) {
  auto table = TRY(find_table_of_entry(database, select.table_name));
  const catalog::KeySchema& schema = table->key_schema;
  std::optional<Reads> reads;
  if (select.where) reads = TRY(plan_key_reads(schema, *select.where));
  const bool is_keyed = !select.index_name && reads && reads->size() == 1 &&
                        !reads->front().filtered && (!schema.sort_key || reads->front().sort_key);
  if (!is_keyed) {
    return validation_error(
        fmt::format("Select statements within {} must specify the primary key in the where clause.",
                    operation));
  }
  Item key;
  key.emplace(schema.partition_key.name, std::move(reads->front().partition_key));
  if (schema.sort_key) key.emplace(schema.sort_key->name, std::move(*reads->front().sort_key));
  return KeyedSelect{table, TRY(key_from_key(schema, std::move(key))), select.projection};
}

}  // namespace millrace::ops
