#include "audit/item_parameters.h"

#include <algorithm>
#include <array>

namespace millrace::audit {
namespace {

enum class OptionForm : uint8_t {
  kScalar,
  kNames,       // a list of names
  kNameMap,     // names by placeholder
  kConditions,  // by attribute name; without the values
  kStartKey,
};

struct OptionRow {
  std::string_view name;
  OptionForm form;
  std::string_view shown;
};

using enum OptionForm;

// Of all operations: what one of them does not have is refused and does no harm.
constexpr auto kOptions = std::to_array<OptionRow>({
    {"AttributeUpdates", kConditions, "attributeUpdates"},
    {"AttributesToGet", kNames, "attributesToGet"},
    {"ConditionExpression", kScalar, "conditionExpression"},
    {"ConditionalOperator", kScalar, "conditionalOperator"},
    {"ConsistentRead", kScalar, "consistentRead"},
    {"ExclusiveStartKey", kStartKey, "exclusiveStartKey"},
    {"Expected", kConditions, "expected"},
    {"ExpressionAttributeNames", kNameMap, "expressionAttributeNames"},
    {"FilterExpression", kScalar, "filterExpression"},
    {"FunctionName", kScalar, "functionName"},
    {"IndexName", kScalar, "indexName"},
    {"InvocationType", kScalar, "invocationType"},
    {"KeyConditionExpression", kScalar, "keyConditionExpression"},
    {"KeyConditions", kConditions, "keyConditions"},
    {"Limit", kScalar, "limit"},
    {"LogType", kScalar, "logType"},
    {"ProjectionExpression", kScalar, "projectionExpression"},
    {"Qualifier", kScalar, "qualifier"},
    {"QueryFilter", kConditions, "queryFilter"},
    {"ReturnConsumedCapacity", kScalar, "returnConsumedCapacity"},
    {"ReturnItemCollectionMetrics", kScalar, "returnItemCollectionMetrics"},
    {"ReturnValues", kScalar, "returnValues"},
    {"ReturnValuesOnConditionCheckFailure", kScalar, "returnValuesOnConditionCheckFailure"},
    {"ScanFilter", kConditions, "scanFilter"},
    {"ScanIndexForward", kScalar, "scanIndexForward"},
    {"Segment", kScalar, "segment"},
    {"Select", kScalar, "select"},
    {"SequenceNumber", kScalar, "sequenceNumber"},
    {"ShardId", kScalar, "shardId"},
    {"ShardIterator", kScalar, "shardIterator"},
    {"ShardIteratorType", kScalar, "shardIteratorType"},
    {"StreamArn", kScalar, "streamArn"},
    {"TotalSegments", kScalar, "totalSegments"},
    {"UpdateExpression", kScalar, "updateExpression"},
});
static_assert(kOptions.size() <= 64);

// The text of a value that may be a key's: of a string, a number, or binary in base64.
std::optional<std::string_view> key_value_text(json::Element value) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
  for (const auto [type, text] : object) {
    if ((type == "S" || type == "N" || type == "B") && text.is_string()) {
      return text.get_string().value_unsafe();
    }
  }
  return std::nullopt;
}

// An object of the key attributes among `attributes`; nothing when there are none.
class KeyMember {
 public:
  KeyMember(ParameterWriter& writer, std::string_view name, json::Object attributes)
      : writer_(writer), name_(name), attributes_(attributes) {}
  ~KeyMember() {
    if (begun_) writer_.end_object();
  }
  KeyMember(const KeyMember&) = delete;
  KeyMember& operator=(const KeyMember&) = delete;

  void write(std::string_view attribute_name) {
    const auto value = json::member(attributes_, attribute_name);
    if (!value) return;
    const auto text = key_value_text(*value);
    if (!text) return;
    if (!begun_) {
      writer_.key(name_);
      writer_.begin_object();
      begun_ = true;
    }
    writer_.member(attribute_name, *text);
  }
  void write(const catalog::KeySchema& schema) {
    write(schema.partition_key.name);
    if (schema.sort_key) write(schema.sort_key->name);
  }

 private:
  ParameterWriter& writer_;
  const std::string_view name_;
  const json::Object attributes_;
  bool begun_ = false;
};

// The key of the table, and of the index when one is named.
void write_start_key(ParameterWriter& writer, const catalog::Table& table, json::Object request,
                     json::Object attributes) {
  KeyMember member(writer, "exclusiveStartKey", attributes);
  member.write(table.key_schema);
  const auto index_name = member_text(request, "IndexName");
  const catalog::Index* index = index_name ? table.find_index(*index_name) : nullptr;
  if (index == nullptr) return;
  for (const auto& attribute : index->key_schema.attributes()) {
    if (!table.key_schema.contains(attribute.name)) member.write(attribute.name);
  }
}

void write_attribute_names(ParameterWriter& writer, std::string_view member, json::Object item) {
  writer.key(member);
  writer.begin_array();
  for (const auto field : item) {
    if (writer.full()) return;
    writer.string(field.key);
  }
  writer.end_array();
}

void write_names(ParameterWriter& writer, json::Array names) {
  writer.begin_array();
  for (const auto name : names) {
    if (writer.full()) return;
    if (name.is_string()) writer.string(name.get_string().value_unsafe());
  }
  writer.end_array();
}

void write_name_map(ParameterWriter& writer, json::Object names) {
  NamesSeen seen;
  writer.begin_object();
  for (const auto [placeholder, name] : names) {
    if (writer.full()) return;
    if (!name.is_string() || !seen.add(placeholder)) continue;
    writer.member(placeholder, name.get_string().value_unsafe());
  }
  writer.end_object();
}

void write_condition(ParameterWriter& writer, json::Object condition) {
  writer.begin_object();
  if (const auto action = member_text(condition, "Action")) writer.member("action", *action);
  if (const auto comparison = member_text(condition, "ComparisonOperator")) {
    writer.member("comparisonOperator", *comparison);
  }
  const auto exists = json::member(condition, "Exists");
  if (exists && exists->is_bool()) {
    writer.key("exists");
    writer.scalar(*exists);
  }
  writer.end_object();
}

void write_conditions(ParameterWriter& writer, json::Object conditions) {
  NamesSeen seen;
  writer.begin_object();
  for (const auto [attribute, condition] : conditions) {
    if (writer.full()) return;
    json::Object members;
    if (condition.get(members) != simdjson::SUCCESS || !seen.add(attribute)) continue;
    writer.key(attribute);
    write_condition(writer, members);
  }
  writer.end_object();
}

bool is_scalar(json::Element value) {
  return value.is_string() || value.is_number() || value.is_bool();
}

void write_option(ParameterWriter& writer, const OptionRow& row, const catalog::Table* table,
                  json::Object request, json::Element value) {
  json::Object object;
  json::Array array;
  switch (row.form) {
    case kScalar:
      if (!is_scalar(value)) return;
      writer.key(row.shown);
      return writer.scalar(value);
    case kNames:
      if (value.get(array) != simdjson::SUCCESS) return;
      writer.key(row.shown);
      return write_names(writer, array);
    case kNameMap:
      if (value.get(object) != simdjson::SUCCESS) return;
      writer.key(row.shown);
      return write_name_map(writer, object);
    case kConditions:
      if (value.get(object) != simdjson::SUCCESS) return;
      writer.key(row.shown);
      return write_conditions(writer, object);
    case kStartKey:
      if (table == nullptr || value.get(object) != simdjson::SUCCESS) return;
      return write_start_key(writer, *table, request, object);
  }
}

}  // namespace

const catalog::Table* NamedTables::find(std::string_view name) {
  if (name != name_ || !table_) {
    name_ = name;
    const auto arn = name.starts_with("arn:") ? catalog::parse_table_arn(name) : std::nullopt;
    table_ = catalog_.find_table(arn ? std::string_view(arn->table_name) : name);
  }
  return table_.get();
}

std::optional<std::string_view> member_text(json::Object object, std::string_view name) {
  std::string_view text;
  if (object.at_key(name).get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<json::Object> member_object(json::Object object, std::string_view name) {
  json::Object found;
  if (object.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<json::Array> member_array(json::Object object, std::string_view name) {
  json::Array found;
  if (object.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

void write_options(ParameterWriter& writer, const catalog::Table* table, json::Object request) {
  uint64_t seen = 0;
  for (const auto [name, value] : request) {
    if (writer.full()) return;
    const auto row = std::ranges::find(kOptions, name, &OptionRow::name);
    if (row == kOptions.end()) continue;
    const uint64_t bit = uint64_t{1} << (row - kOptions.begin());
    if ((seen & bit) != 0) continue;
    seen |= bit;
    write_option(writer, *row, table, request, value);
  }
}

void write_table_and_key(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                         std::optional<json::Object> attributes) {
  if (table_name.empty()) return;
  writer.member("tableName", table_name);
  if (!attributes) return;
  const catalog::Table* table = tables.find(table_name);
  if (table != nullptr) KeyMember(writer, "key", *attributes).write(table->key_schema);
}

void write_item_request(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                        json::Object request, std::string_view items_name) {
  const auto item = member_object(request, "Item");
  write_table_and_key(writer, tables, table_name, item ? item : member_object(request, "Key"));
  if (item) write_attribute_names(writer, items_name, *item);
  const bool may_start = request.at_key("ExclusiveStartKey").error() == simdjson::SUCCESS;
  write_options(writer, may_start ? tables.find(table_name) : nullptr, request);
}

}  // namespace millrace::audit
