#include "access/leading_keys.h"

#include <algorithm>

#include "expr/key_condition.h"
#include "json/attribute_value.h"
#include "json/base64.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/key_plan.h"
#include "ops/legacy_condition.h"

namespace millrace::access {
namespace {

using Values = std::vector<std::string>;

// Of what no partition key can be, nothing: the operation refuses it.
void add_text(const AttributeValue& value, Values& values) {
  if (const auto* text = value.get_if<std::string>()) values.push_back(*text);
  if (const auto* number = value.get_if<Number>()) values.push_back(number->to_string());
  if (const auto* binary = value.get_if<Binary>()) {
    values.push_back(json::base64_encode(binary->bytes));
  }
}

// All members of the name: which one counts when there are several is not decided here.
void add_of_item(json::Element item, std::string_view key_name, Values& values) {
  json::Object attributes;
  if (item.get(attributes) != simdjson::SUCCESS) return;
  for (const auto [name, element] : attributes) {
    if (name != key_name) continue;
    const auto value = json::read_attribute_value(element);
    if (value.ok()) add_text(*value, values);
  }
}

void add_of_writes(json::Array writes, std::string_view key_name, Values& values) {
  for (const json::Element write : writes) {
    json::Object requests;
    if (write.get(requests) != simdjson::SUCCESS) continue;
    for (const auto [name, element] : requests) {
      json::Object request;
      if (element.get(request) != simdjson::SUCCESS) continue;
      for (const std::string_view member : {"Item", "Key"}) {
        if (const auto item = json::member(request, member)) add_of_item(*item, key_name, values);
      }
    }
  }
}

// What a Query asks of its keys.
Result<std::vector<expr::KeyComparison>> key_comparisons(json::Object request) {
  if (json::member(request, "KeyConditions")) return ops::read_key_conditions(request);
  const auto text = ops::optional_string(request, "KeyConditionExpression");
  const auto attributes = TRY(ops::read_expression_attributes(request));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  return TRY(expr::KeyCondition::parse(text.value_or(""))).bind(placeholders);
}

std::optional<Values> keys_of_query(const catalog::CompositeKeySchema& schema,
                                    json::Object request) {
  const auto comparisons = key_comparisons(request);
  if (!comparisons.ok()) return std::nullopt;
  Values values;
  for (const expr::KeyComparison& comparison : *comparisons) {
    const bool leads =
        std::ranges::find(schema.partition_keys, comparison.attribute_name,
                          &catalog::KeyAttribute::name) != schema.partition_keys.end();
    if (!leads) continue;
    for (const AttributeValue& operand : comparison.operands) add_text(operand, values);
  }
  return values;
}

std::optional<Values> keys_of_request(const catalog::CompositeKeySchema& schema,
                                      const catalog::Table& table, json::Object request) {
  if (json::member(request, "KeyConditionExpression") || json::member(request, "KeyConditions")) {
    return keys_of_query(schema, request);
  }
  const std::string& key_name = table.key_schema.partition_key.name;
  std::optional<Values> values;
  for (const std::string_view member : {"Key", "Item"}) {
    const auto item = json::member(request, member);
    if (!item) continue;
    if (!values) values.emplace();
    add_of_item(*item, key_name, *values);
  }
  json::Array keys;
  const auto list = json::member(request, "Keys");
  if (list && list->get(keys) == simdjson::SUCCESS) {
    if (!values) values.emplace();
    for (const json::Element key : keys) add_of_item(key, key_name, *values);
  }
  return values;
}

// What a SELECT reads: nothing inside is a look through everything, an error is the operation's.
Result<std::optional<std::vector<ops::KeyRead>>> reads_of(const catalog::CompositeKeySchema& schema,
                                                          const catalog::Index* index,
                                                          const partiql::Select& select) {
  if (schema.partition_keys.size() > 1 || schema.sort_keys.size() > 1) {
    return validation_error("PartiQL does not read such an index");
  }
  if (!select.where) return std::optional<std::vector<ops::KeyRead>>();
  const ops::KeySpace space =
      index == nullptr ? ops::KeySpace::of_items() : ops::KeySpace::of_index(*index);
  return ops::plan_key_reads(schema, space, *select.where);
}

// The source of a part; a schema without keys when there is none such.
struct Source {
  catalog::TablePointer table;
  const catalog::Index* index = nullptr;
  catalog::CompositeKeySchema schema = {};
};

std::optional<Source> source_of(const catalog::Catalog& catalog, const Part& part) {
  if (part.table_name.empty()) return std::nullopt;
  Source source{catalog.find_table(part.table_name)};
  if (!source.table) return std::nullopt;
  source.schema = catalog::CompositeKeySchema::of(source.table->key_schema);
  if (part.index_name.empty()) return source;
  source.index = source.table->find_index(part.index_name);
  if (source.index == nullptr) return std::nullopt;
  source.schema = source.index->key_schema;
  return source;
}

std::optional<Values> keys_of_select(const Source& source, const partiql::Select& select) {
  const auto reads = reads_of(source.schema, source.index, select);
  if (!reads.ok() || !*reads) return std::nullopt;
  Values values;
  for (const ops::KeyRead& read : **reads) add_text(read.partition_key, values);
  return values;
}

std::optional<Values> keys_of_item(const catalog::KeySchema& schema, const Item& item) {
  const auto found = item.find(schema.partition_key.name);
  if (found == item.end()) return std::nullopt;
  Values values;
  add_text(found->second, values);
  return values;
}

std::optional<Values> keys_of_where(const catalog::KeySchema& schema,
                                    const std::optional<expr::ConditionNode>& where) {
  const auto equalities = ops::find_key_equalities(schema, where);
  return equalities.ok() ? keys_of_item(schema, equalities->key) : std::nullopt;
}

std::optional<Values> keys_of_statement(const Source& source, const partiql::Statement& statement) {
  const catalog::KeySchema& schema = source.table->key_schema;
  if (const auto* select = std::get_if<partiql::Select>(&statement)) {
    return keys_of_select(source, *select);
  }
  if (const auto* insert = std::get_if<partiql::Insert>(&statement)) {
    return keys_of_item(schema, insert->item);
  }
  if (const auto* update = std::get_if<partiql::Update>(&statement)) {
    return keys_of_where(schema, update->where);
  }
  if (const auto* deletion = std::get_if<partiql::Delete>(&statement)) {
    return keys_of_where(schema, deletion->where);
  }
  return keys_of_where(schema, std::get<partiql::Exists>(statement).select.where);
}

}  // namespace

std::optional<std::vector<std::string>> leading_keys(const catalog::Catalog& catalog,
                                                     const Part& part) {
  const auto source = source_of(catalog, part);
  if (!source) return std::nullopt;
  if (part.statement != nullptr) return keys_of_statement(*source, *part.statement);
  if (part.writes) {
    Values values;
    add_of_writes(*part.writes, source->table->key_schema.partition_key.name, values);
    return values;
  }
  if (!part.items) return std::nullopt;
  return keys_of_request(source->schema, *source->table, *part.items);
}

std::optional<bool> is_full_table_scan(const catalog::Catalog& catalog, const Part& part) {
  if (part.statement == nullptr) return std::nullopt;
  const auto* select = std::get_if<partiql::Select>(part.statement);
  const auto source = select != nullptr ? source_of(catalog, part) : std::nullopt;
  if (!source) return std::nullopt;
  const auto reads = reads_of(source->schema, source->index, *select);
  if (!reads.ok()) return std::nullopt;
  return !reads->has_value();
}

}  // namespace millrace::access
