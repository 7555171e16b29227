#include "ops/item_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/input.h"
#include "ops/legacy_condition.h"

namespace millrace::ops {
namespace {

constexpr size_t kPartitionKeyBytesMax = 2048;
constexpr size_t kSortKeyBytesMax = 1024;
constexpr size_t kPlaceholderBytesMax = 255;  // with its # or :
constexpr std::string_view kPlaceholderTooLong =
    "The expression attribute map contains a key that is too long";
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Error key_mismatch() {
  return validation_error("The provided key element does not match the schema");
}

const Bytes* bytes_of(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>()) return text;
  if (const auto* binary = value.get_if<Binary>()) return &binary->bytes;
  return nullptr;
}

Status check_key_length(const AttributeValue& value, bool is_sort_key) {
  const Bytes* bytes = bytes_of(value);
  if (bytes == nullptr) return Done{};
  if (is_sort_key && bytes->size() > kSortKeyBytesMax) {
    return validation_error(
        fmt::format("{}Aggregated size of all range keys has exceeded the size limit of {} bytes",
                    kInvalid, kSortKeyBytesMax));
  }
  // The service's own text has no space before the number.
  if (!is_sort_key && bytes->size() > kPartitionKeyBytesMax) {
    return validation_error(
        fmt::format("{}Size of hashkey has exceeded the maximum size limit of{} bytes", kInvalid,
                    kPartitionKeyBytesMax));
  }
  return Done{};
}

Status check_not_empty(const catalog::KeyAttribute& attribute, const AttributeValue& value) {
  const Bytes* bytes = bytes_of(value);
  if (bytes == nullptr || !bytes->empty()) return Done{};
  return validation_error(fmt::format(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty {} value. Key: {}",
      attribute.type == AttributeType::kString ? "string" : "binary", attribute.name));
}

Status check_key_of_key(const catalog::KeyAttribute& attribute, const Item& key, bool is_sort_key) {
  auto found = key.find(attribute.name);
  if (found == key.end() || found->second.type() != attribute.type) return key_mismatch();
  TRY(check_not_empty(attribute, found->second));
  return check_key_length(found->second, is_sort_key);
}

Status check_key_of_item(const catalog::KeyAttribute& attribute, const Item& item,
                         bool is_sort_key) {
  auto found = item.find(attribute.name);
  if (found == item.end()) {
    return validation_error(
        fmt::format("{}Missing the key {} in the item", kInvalid, attribute.name));
  }
  if (found->second.type() != attribute.type) {
    return validation_error(fmt::format(
        "{}Type mismatch for key {} expected: {} actual: {}", kInvalid, attribute.name,
        attribute_type_name(attribute.type), attribute_type_name(found->second.type())));
  }
  TRY(check_not_empty(attribute, found->second));
  return check_key_length(found->second, is_sort_key);
}

bool is_placeholder(std::string_view name, char mark) {
  auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return name.size() > 1 && name.front() == mark &&
         std::all_of(name.begin() + 1, name.end(), is_word);
}

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

Result<expr::NameMap> read_names(json::Object names) {
  if (names.size() == 0) return validation_error("ExpressionAttributeNames must not be empty");
  expr::NameMap read;
  for (auto [name, element] : names) {
    if (name.size() > kPlaceholderBytesMax) {
      return validation_error(
          fmt::format("ExpressionAttributeNames contains invalid key: {}; size of key: {}",
                      kPlaceholderTooLong, name.size()));
    }
    if (!is_placeholder(name, '#')) {
      return validation_error(fmt::format(
          "ExpressionAttributeNames contains invalid key: Syntax error; key: \"{}\"", name));
    }
    std::string_view attribute;
    if (element.get(attribute) != simdjson::SUCCESS) attribute = "";
    if (attribute.empty()) {
      return validation_error(fmt::format(
          "ExpressionAttributeNames contains invalid value: Empty attribute name for key {}",
          name));
    }
    if (attribute.size() > json::kAttributeNameBytesMax) return json::attribute_name_too_large();
    read.emplace(name, attribute);
  }
  return read;
}

Result<AttributeMap> read_values(json::Object values) {
  if (values.size() == 0) return validation_error("ExpressionAttributeValues must not be empty");
  for (auto [name, element] : values) {
    if (name.size() > kPlaceholderBytesMax) {
      // Unlike for names, without the size.
      return validation_error(
          fmt::format("ExpressionAttributeValues contains invalid key: {};", kPlaceholderTooLong));
    }
    if (!is_placeholder(name, ':')) {
      return validation_error(fmt::format(
          "ExpressionAttributeValues contains invalid key: Syntax error; key: \"{}\"", name));
    }
  }
  AttributeMap read;
  for (auto [name, element] : values) {
    auto value = json::read_attribute_value(element);
    if (!value.ok()) {
      if (value.error() == json::attribute_name_too_large()) return value.error();
      return validation_error(
          fmt::format("ExpressionAttributeValues contains invalid value: {} for key {}",
                      value.error().message, name));
    }
    read.emplace(name, std::move(*value));
  }
  return read;
}

}  // namespace

Result<std::string> table_name_of(const Call& call) {
  return resolve_table_name(call.database, string_or_empty(call.input, "TableName"));
}

Result<std::string> resolve_table_name(const Database& database, std::string name) {
  if (name.find(':') == std::string::npos) return name;
  auto arn = catalog::parse_table_arn(name);
  if (!arn) {
    return validation_error(fmt::format("Invalid table ARN: {}", name));
  }
  const catalog::Site& site = database.catalog.site();
  if (arn->account_id != site.account_id || arn->region != site.region) {
    return Error{ErrorCode::kResourceNotFoundException,
                 "Requested resource not found: Table: " + name + " not found"};
  }
  return std::move(arn->table_name);
}

Result<catalog::TablePointer> find_table_of_item(const Call& call) {
  auto table = call.database.catalog.find_table(TRY(table_name_of(call)));
  if (!table) return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  return table;
}

Result<ItemKey> key_from_key(const catalog::KeySchema& schema, Item key) {
  if (key.size() != (schema.sort_key ? 2 : 1)) return key_mismatch();
  TRY(check_key_of_key(schema.partition_key, key, false));
  if (schema.sort_key) TRY(check_key_of_key(*schema.sort_key, key, true));
  return make_item_key(schema, std::move(key));
}

Result<ItemKey> key_from_item(const catalog::KeySchema& schema, const Item& item) {
  TRY(check_key_of_item(schema.partition_key, item, false));
  if (schema.sort_key) TRY(check_key_of_item(*schema.sort_key, item, true));
  Item key;
  for (const std::string& name : schema.attribute_names()) key.emplace(*item.find(name));
  return make_item_key(schema, std::move(key));
}

Status check_keys_not_empty(const catalog::KeySchema& schema, const Item& attributes) {
  auto check = [&](const catalog::KeyAttribute& attribute) -> Status {
    auto found = attributes.find(attribute.name);
    if (found == attributes.end() || found->second.type() != attribute.type) return Done{};
    return check_not_empty(attribute, found->second);
  };
  TRY(check(schema.partition_key));
  return schema.sort_key ? check(*schema.sort_key) : Status(Done{});
}

Status check_key_operand(const catalog::KeyAttribute& attribute, const AttributeValue& value,
                         bool is_sort_key) {
  if (value.type() != attribute.type) {
    return validation_error(std::string(kInvalid) +
                            "Condition parameter type does not match schema type");
  }
  TRY(check_not_empty(attribute, value));
  return check_key_length(value, is_sort_key);
}

Status check_expression_parameters(json::Object input,
                                   std::initializer_list<std::string_view> expressions,
                                   std::initializer_list<std::string_view> legacy) {
  auto present = [&](std::initializer_list<std::string_view> names) {
    std::vector<std::string_view> found;
    for (std::string_view name : names) {
      if (json::member(input, name)) found.push_back(name);
    }
    return found;
  };
  const auto expressions_present = present(expressions);
  auto legacy_present = present(legacy);
  // KeyConditions may stand beside the other expressions.
  if (!json::member(input, "KeyConditionExpression")) std::erase(legacy_present, "KeyConditions");
  if (!expressions_present.empty() && !legacy_present.empty()) {
    return validation_error(
        fmt::format("Can not use both expression and non-expression parameters in the same "
                    "request: Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
                    joined(legacy_present, ", "), joined(expressions_present, ", ")));
  }
  if (expressions_present.empty() && json::member(input, "ExpressionAttributeNames")) {
    return validation_error(
        "ExpressionAttributeNames can only be specified when using expressions");
  }
  std::vector<std::string_view> with_values;
  for (std::string_view name : expressions) {
    if (name != "ProjectionExpression") with_values.push_back(name);
  }
  const bool none_with_values =
      std::none_of(with_values.begin(), with_values.end(),
                   [&](std::string_view name) { return json::member(input, name).has_value(); });
  if (!with_values.empty() && none_with_values &&
      json::member(input, "ExpressionAttributeValues")) {
    return validation_error(
        fmt::format("ExpressionAttributeValues can only be specified when using expressions: {} "
                    "{} null",
                    joined(with_values, " and "), with_values.size() > 1 ? "are" : "is"));
  }
  return legacy.size() == 0 ? Status(Done{}) : check_conditional_operator(input);
}

Result<ExpressionAttributes> read_expression_attributes(json::Object input) {
  ExpressionAttributes attributes;
  if (auto names = optional_object(input, "ExpressionAttributeNames")) {
    attributes.names = TRY(read_names(*names));
  }
  if (auto values = optional_object(input, "ExpressionAttributeValues")) {
    attributes.values = TRY(read_values(*values));
  }
  return attributes;
}

Result<WriteCondition> read_condition_expression(json::Object input,
                                                 expr::Placeholders& placeholders) {
  constexpr std::string_view kParameter = "ConditionExpression";
  WriteCondition write;
  if (auto text = optional_string(input, kParameter)) {
    write.condition = TRY(TRY(expr::Condition::parse(*text, kParameter)).bind(placeholders));
  }
  write.return_item_on_failure =
      optional_string(input, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return write;
}

Result<WriteCondition> read_write_condition(json::Object input, expr::Placeholders& placeholders) {
  auto write = TRY(read_condition_expression(input, placeholders));
  if (!write.condition) write.condition = TRY(read_expected(input));
  return write;
}

Status check_condition(const WriteCondition& write, const Item* item) {
  static const Item kNoItem;
  if (!write.condition) return Done{};
  if (write.condition->matches(item == nullptr ? kNoItem : *item)) return Done{};
  Error error{ErrorCode::kConditionalCheckFailedException, "The conditional request failed"};
  if (write.return_item_on_failure && item != nullptr) {
    error.members_json = "\"Item\":";
    json::Writer writer(error.members_json);
    json::write_attribute_map(writer, *item);
  }
  return error;
}

Status check_condition(const WriteCondition& write, const std::optional<Bytes>& stored_item) {
  if (!write.condition) return Done{};
  if (!stored_item) return check_condition(write, static_cast<const Item*>(nullptr));
  const Item item = TRY(decode_stored_item(*stored_item));
  return check_condition(write, &item);
}

Result<Item> decode_stored_item(ByteView item) {
  auto decoded = decode_item(item);
  if (!decoded) return internal_error("a stored item cannot be read");
  return std::move(*decoded);
}

Status write_stored_item(json::Writer& writer, ByteView item,
                         const std::optional<expr::Projection>& projection) {
  if (!projection) return json::write_encoded_item(writer, item);
  json::write_attribute_map(writer, projection->apply(TRY(decode_stored_item(item))));
  return Done{};
}

}  // namespace millrace::ops
