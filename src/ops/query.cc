#include "ops/query.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/key_codec.h"
#include "ops/input.h"
#include "ops/item_page.h"
#include "ops/legacy_condition.h"
#include "ops/legacy_projection.h"

namespace millrace::ops {
namespace {

using Comparisons = std::vector<expr::KeyComparison>;

const expr::KeyComparison* comparison_of(const Comparisons& comparisons,
                                         std::string_view attribute_name) {
  auto found = std::find_if(
      comparisons.begin(), comparisons.end(),
      [&](const expr::KeyComparison& one) { return one.attribute_name == attribute_name; });
  return found == comparisons.end() ? nullptr : &*found;
}

Status check_operands(const catalog::KeyAttribute& attribute,
                      const expr::KeyComparison& comparison) {
  if (comparison.comparison == expr::KeyOperator::kNotIndexable) {
    return validation_error("Attempted conditional constraint is not an indexable operation");
  }
  for (const AttributeValue& operand : comparison.operands) {
    TRY(check_key_operand(attribute, operand));
  }
  return Done{};
}

// What the key condition says of the table's key attributes.
struct KeyQuery {
  const expr::KeyComparison* partition_key = nullptr;
  const expr::KeyComparison* sort_key = nullptr;  // nullptr: any
};

Result<KeyQuery> match_schema(const catalog::KeySchema& schema, const Comparisons& comparisons) {
  if (!schema.sort_key && comparisons.size() > 1) {
    return validation_error("Query key condition not supported");
  }
  KeyQuery query;
  query.partition_key = comparison_of(comparisons, schema.partition_key.name);
  if (query.partition_key == nullptr) {
    return validation_error("Query condition missed key schema element: " +
                            schema.partition_key.name);
  }
  TRY(check_operands(schema.partition_key, *query.partition_key));
  if (query.partition_key->comparison != expr::KeyOperator::kEqual) {
    return validation_error("Query key condition not supported");
  }
  if (comparisons.size() == 1) return query;
  query.sort_key = comparison_of(comparisons, schema.sort_key->name);
  if (query.sort_key == nullptr) {
    return validation_error("Query condition missed key schema element: " + schema.sort_key->name);
  }
  TRY(check_operands(*schema.sort_key, *query.sort_key));
  return query;
}

// A filter sees only what the key condition cannot say.
Status check_filter(const catalog::KeySchema& schema, const PageOptions& options) {
  if (!options.filter) return Done{};
  const auto names = options.filter->attribute_names();
  for (const std::string& name : schema.attribute_names()) {
    if (names.count(name) == 0) continue;
    return validation_error(
        fmt::format("{} can only contain non-primary key attributes: Primary key attribute: {}",
                    options.filter_name, name));
  }
  return Done{};
}

bool contains(const engine::KeyRange& range, const Bytes& key) {
  return key >= range.from && (!range.to || key < *range.to);
}

Status begin_at(const catalog::KeySchema& schema, Item start_key, const KeyQuery& query,
                engine::Direction direction, engine::KeyRange& range) {
  const ItemKey key = TRY(check_start_key(schema, std::move(start_key)));
  if (!contains(range, key.storage_key)) {
    return validation_error(
        query.sort_key == nullptr
            ? "The provided starting key is outside query boundaries based on provided conditions"
            : "The provided starting key does not match the range key predicate");
  }
  begin_behind(range, direction, key.storage_key);
  return Done{};
}

// Nothing when there is no KeyConditionExpression.
Result<Comparisons> read_key_condition(json::Object input, expr::Placeholders& placeholders) {
  auto text = optional_string(input, "KeyConditionExpression");
  if (!text) return Comparisons();
  return TRY(expr::KeyCondition::parse(*text)).bind(placeholders);
}

Result<PageOptions> read_legacy_options(json::Object input) {
  PageOptions options;
  options.filter = TRY(read_legacy_filter(input, "QueryFilter"));
  if (options.filter) options.filter_name = "QueryFilter";
  options.projection = TRY(read_attributes_to_get(input));
  return options;
}

// Worded unlike every other constraint, and unlike the Limit of Scan.
Status check_limit(json::Object input) {
  if (optional_integer(input, "Limit").value_or(1) >= 1) return Done{};
  return validation_error(
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must "
      "have "
      "value greater than or equal to 1");
}

}  // namespace

Result<std::string> query(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(
      input, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
      {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"}));
  TRY(check_limit(input));
  auto legacy = TRY(read_legacy_options(input));
  auto start_key = TRY(read_start_key(input));
  if (!json::member(input, "KeyConditionExpression") && !json::member(input, "KeyConditions")) {
    return validation_error(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  auto comparisons = TRY(read_key_condition(input, placeholders));
  const auto options = TRY(read_page_options(input, placeholders, std::move(legacy)));
  TRY(placeholders.check_all_used());
  if (json::member(input, "KeyConditions")) comparisons = TRY(read_key_conditions(input));
  if (comparisons.empty() || comparisons.size() > 2) {
    return validation_error("Conditions can be of length 1 or 2 only");
  }

  const auto table = TRY(find_table_of_item(call));
  TRY(check_index_name(input));
  const catalog::KeySchema& schema = table->key_schema;
  const KeyQuery key_query = TRY(match_schema(schema, comparisons));
  TRY(check_filter(schema, options));

  const AttributeValue& partition_key = key_query.partition_key->operands.front();
  engine::KeyRange range = key_query.sort_key == nullptr
                               ? range_of_partition_key(partition_key)
                               : range_of_sort_keys(partition_key, *key_query.sort_key);
  const auto direction = optional_boolean(input, "ScanIndexForward").value_or(true)
                             ? engine::Direction::kForward
                             : engine::Direction::kBackward;
  if (start_key) TRY(begin_at(schema, std::move(*start_key), key_query, direction, range));
  const auto partition = table->partition_of(hash_of_partition_key(partition_key)).id;
  return write_page(call.database, *table, {{partition, std::move(range)}}, direction, options);
}

}  // namespace millrace::ops
