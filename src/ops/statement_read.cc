#include "ops/statement_read.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "ops/batch_request.h"
#include "ops/index_entry.h"
#include "ops/key_plan.h"

namespace millrace::ops {
namespace {

using Reads = std::vector<KeyRead>;

const catalog::KeyAttribute& partition_key_of(const ItemSource& source) {
  return source.key_schema.partition_keys.front();
}

bool is_key(const ItemSource& source, std::string_view attribute_name) {
  const auto keys = source.key_schema.attributes();
  return std::any_of(keys.begin(), keys.end(),
                     [&](const catalog::KeyAttribute& key) { return key.name == attribute_name; });
}

const partiql::OrderBy* term_of(const partiql::Select& select, std::string_view attribute_name) {
  const auto found = std::find_if(
      select.order_by.begin(), select.order_by.end(),
      [&](const partiql::OrderBy& term) { return term.attribute_name == attribute_name; });
  return found == select.order_by.end() ? nullptr : &*found;
}

Status check_order_by(const partiql::Select& select, const ItemSource& source,
                      const std::optional<Reads>& reads) {
  if (select.order_by.empty()) return Done{};
  if (!select.where) {
    return validation_error("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  for (const partiql::OrderBy& term : select.order_by) {
    if (is_key(source, term.attribute_name)) continue;
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
  if (several && term_of(select, partition_key_of(source).name) == nullptr) {
    return validation_error(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        "WHERE clause.");
  }
  return Done{};
}

// Sort keys descend when ORDER BY names only the partition key.
engine::Direction direction_of(const partiql::Select& select, const ItemSource& source) {
  if (select.order_by.empty()) return engine::Direction::kForward;
  const auto& sort_keys = source.key_schema.sort_keys;
  const auto* term = sort_keys.empty() ? nullptr : term_of(select, sort_keys.front().name);
  const bool ascends = term != nullptr && !term->descending;
  return ascends ? engine::Direction::kForward : engine::Direction::kBackward;
}

// From the order of partition keys and ranges to that of the page. Both orders are of groups with
// one partition key, and within those.
void put_in_order(Reads& reads, const partiql::Select& select, const ItemSource& source,
                  engine::Direction direction) {
  const auto* term = term_of(select, partition_key_of(source).name);
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

// The words differ from those of Query.
Result<ItemSource> find_select_source(const Database& database, const partiql::Select& select,
                                      bool consistent) {
  auto table = TRY(find_table_of_entry(database, select.table_name));
  if (!select.index_name) return find_source(std::move(table), "", consistent);
  const catalog::Index* index = table->find_index(*select.index_name);
  if (index == nullptr) {
    return validation_error("The table does not have the specified index");
  }
  if (index->key_schema.partition_keys.size() > 1 || index->key_schema.sort_keys.size() > 1) {
    return validation_error(
        "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
        "multi-attribute RANGE keys.");
  }
  if (index->global && consistent) {
    return validation_error(
        "Strongly consistent read is not supported on Global Secondary Indexes");
  }
  return find_source(std::move(table), *select.index_name, consistent);
}

// The service lists names in the order of a hash table of its own.
std::vector<std::string> in_listed_order(std::vector<std::string> names) {
  size_t buckets = 16;
  while (names.size() * 4 > buckets * 3) buckets *= 2;
  auto bucket_of = [&](const std::string& name) {
    uint32_t hash = 0;
    for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(c);
    return (hash ^ (hash >> 16)) & (buckets - 1);
  };
  std::stable_sort(names.begin(), names.end(), [&](const auto& left, const auto& right) {
    return bucket_of(left) < bucket_of(right);
  });
  return names;
}

// A read by the keys of an index filters only by what the index projects. One range whose filter
// the index can decide is enough; of the others the last one is named.
Status check_filters(const ItemSource& source, const Reads& reads) {
  if (source.index == nullptr) return Done{};
  std::vector<std::string> missing;
  for (const KeyRead& read : reads) {
    missing.clear();
    for (const std::string& name : read.filter_names) {
      const bool known = std::find(missing.begin(), missing.end(), name) != missing.end();
      if (!known && !projects(*source.table, *source.index, name)) missing.push_back(name);
    }
    if (missing.empty()) return Done{};
  }
  if (missing.empty()) return Done{};
  return validation_error(
      fmt::format("One or more parameter values were invalid: Secondary index {} does not project "
                  "one or more filter attributes: [{}]",
                  source.index->name, fmt::join(in_listed_order(std::move(missing)), ", ")));
}

}  // namespace

Result<SelectPlan> plan_select(const Database& database, const partiql::Select& select,
                               bool consistent) {
  SelectPlan plan{TRY(find_select_source(database, select, consistent))};
  const ItemSource& source = plan.source;
  std::optional<Reads> reads;
  if (select.where) {
    reads = TRY(plan_key_reads(source.key_schema, source.space, *select.where));
  }
  TRY(check_order_by(select, source, reads));
  plan.direction = direction_of(select, source);
  plan.options.projection = select.projection;
  plan.options.consistent = consistent;
  TRY(check_page_options(source, plan.options));
  if (!reads) {
    plan.ranges = {source.space.range_of_hashes(0, std::numeric_limits<uint64_t>::max())};
    if (select.where) plan.options.filter = expr::Condition::of_node(*select.where);
    return plan;
  }
  TRY(check_filters(source, *reads));
  put_in_order(*reads, select, source, plan.direction);
  for (KeyRead& read : *reads) {
    plan.ranges.push_back(std::move(read.range));
    if (read.filtered) plan.options.filter = expr::Condition::of_node(*select.where);
  }
  return plan;
}

bool begin_behind(SelectPlan& plan, const Item& last_key) {
  const auto start = check_start_key(plan.source, last_key);
  if (!start.ok()) return false;
  auto range =
      std::find_if(plan.ranges.begin(), plan.ranges.end(), [&](const engine::KeyRange& one) {
        return start->key >= one.from && (!one.to || start->key < *one.to);
      });
  if (range == plan.ranges.end()) return false;
  plan.ranges.erase(plan.ranges.begin(), range);
  begin_behind(plan.ranges.front(), plan.direction, start->key);
  return true;
}

Result<KeyedSelect> plan_keyed_select(const Database& database, const partiql::Select& select,
                                      std::string_view operation) {
  const ItemSource source = TRY(find_select_source(database, select, false));
  const catalog::KeySchema& schema = source.table->key_schema;
  std::optional<Reads> reads;
  if (select.where) {
    reads = TRY(plan_key_reads(source.key_schema, source.space, *select.where));
  }
  const bool is_keyed = source.index == nullptr && reads && reads->size() == 1 &&
                        !reads->front().filtered && (!schema.sort_key || reads->front().sort_key);
  if (!is_keyed) {
    return validation_error(
        fmt::format("Select statements within {} must specify the primary key in the where clause.",
                    operation));
  }
  Item key;
  key.emplace(schema.partition_key.name, std::move(reads->front().partition_key));
  if (schema.sort_key) key.emplace(schema.sort_key->name, std::move(*reads->front().sort_key));
  return KeyedSelect{source.table, TRY(key_from_key(schema, std::move(key))), select.projection};
}

}  // namespace millrace::ops
