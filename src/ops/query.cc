#include "ops/query.h"

#include <algorithm>

#include <fmt/format.h>

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

Status check_operands(const catalog::KeyAttribute& attribute, const expr::KeyComparison& comparison,
                      bool is_sort_key) {
  if (comparison.comparison == expr::KeyOperator::kNotIndexable) {
    return validation_error("Attempted conditional constraint is not an indexable operation");
  }
  for (const AttributeValue& operand : comparison.operands) {
    TRY(check_key_operand(attribute, operand, is_sort_key));
  }
  return Done{};
}

// What the key condition says of the key attributes.
struct KeyQuery {
  std::vector<AttributeValue> partition_keys;
  Comparisons sort_keys;  // of the first sort keys; the rest may be anything
};

Error missing_key(const catalog::KeyAttribute& key) {
  return validation_error("Query condition missed key schema element: " + key.name);
}

Error not_supported() {
  return validation_error("Query key condition not supported");
}

// Sort keys are named from the first on, and only behind equal ones can another be searched.
Result<Comparisons> match_sort_keys(const std::vector<catalog::KeyAttribute>& keys,
                                    const Comparisons& comparisons, size_t wanted) {
  Comparisons matched;
  for (const catalog::KeyAttribute& key : keys) {
    if (matched.size() == wanted) break;
    const expr::KeyComparison* comparison = comparison_of(comparisons, key.name);
    if (comparison == nullptr) return missing_key(key);
    TRY(check_operands(key, *comparison, true));
    if (!matched.empty() && matched.back().comparison != expr::KeyOperator::kEqual) {
      return not_supported();
    }
    matched.push_back(*comparison);
  }
  return matched;
}

Result<KeyQuery> match_schema(const catalog::CompositeKeySchema& schema,
                              const Comparisons& comparisons) {
  if (comparisons.size() > schema.attributes().size()) return not_supported();
  KeyQuery query;
  for (const catalog::KeyAttribute& key : schema.partition_keys) {
    const expr::KeyComparison* comparison = comparison_of(comparisons, key.name);
    if (comparison == nullptr) return missing_key(key);
    TRY(check_operands(key, *comparison, false));
    if (comparison->comparison != expr::KeyOperator::kEqual) return not_supported();
    query.partition_keys.push_back(comparison->operands.front());
  }
  query.sort_keys = TRY(match_sort_keys(schema.sort_keys, comparisons,
                                        comparisons.size() - schema.partition_keys.size()));
  return query;
}

// A filter sees only what the key condition cannot say.
Status check_filter(const catalog::CompositeKeySchema& schema, const PageOptions& options) {
  if (!options.filter) return Done{};
  const auto names = options.filter->attribute_names();
  for (const catalog::KeyAttribute& key : schema.attributes()) {
    if (names.count(key.name) == 0) continue;
    return validation_error(
        fmt::format("{} can only contain non-primary key attributes: Primary key attribute: {}",
                    options.filter_name, key.name));
  }
  return Done{};
}

bool contains(const engine::KeyRange& range, const Bytes& key) {
  return key >= range.from && (!range.to || key < *range.to);
}

Status begin_at(const ItemSource& source, const Item& start_key, const KeyQuery& query,
                engine::Direction direction, engine::KeyRange& range) {
  const StartKey start = TRY(check_start_key(source, start_key));
  if (!contains(range, start.key)) {
    return validation_error(
        query.sort_keys.empty()
            ? "The provided starting key is outside query boundaries based on provided conditions"
            : "The provided starting key does not match the range key predicate");
  }
  begin_behind(range, direction, start.key);
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

// More than two only where the schema has more than two attributes.
Status check_condition_count(const ItemSource& source, size_t count) {
  if (count >= 1 && (count <= 2 || source.key_schema.attributes().size() > 2)) return Done{};
  return validation_error("Conditions can be of length 1 or 2 only");
}

}  // namespace

Result<std::string> query(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(
      input, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
      {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"}));
  TRY(check_limit(input));
  auto legacy = TRY(read_legacy_options(input));
  const auto start_key = TRY(read_start_key(input));
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

  const auto source = TRY(find_source(TRY(find_table_of_item(call)),
                                      string_or_empty(input, "IndexName"), options.consistent));
  TRY(check_condition_count(source, comparisons.size()));
  const KeyQuery key_query = TRY(match_schema(source.key_schema, comparisons));
  TRY(check_filter(source.key_schema, options));
  TRY(check_page_options(source, options));

  auto range = source.space.range_of_keys(key_query.partition_keys, key_query.sort_keys);
  const auto direction = optional_boolean(input, "ScanIndexForward").value_or(true)
                             ? engine::Direction::kForward
                             : engine::Direction::kBackward;
  if (start_key) TRY(begin_at(source, *start_key, key_query, direction, range));
  return write_page(call.database, source, {std::move(range)}, direction, options);
}

}  // namespace millrace::ops
