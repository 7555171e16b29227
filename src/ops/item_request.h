// What the item operations' requests have in common: the table, the key, the expressions and what
// to return. Errors are the service's, in its order of checks.
#pragma once

#include <optional>
#include <string>

#include "expr/expression.h"
#include "expr/projection.h"
#include "json/writer.h"
#include "ops/call.h"
#include "ops/storage_key.h"

namespace millrace::ops {

// The table's name, also when the request gives an ARN. ValidationException for an ARN of another
// form, ResourceNotFoundException for one of another account or region.
[[nodiscard]] Result<std::string> table_name_of(const Call& call);
// The same for a name or ARN that stands elsewhere than in TableName.
[[nodiscard]] Result<std::string> resolve_table_name(const Database& database,
                                                     std::string name_or_arn);
// ResourceNotFoundException "Requested resource not found".
[[nodiscard]] Result<catalog::TablePointer> find_table_of_item(const Call& call);

// --- keys ---

// From a `Key` parameter: exactly the key attributes, each of its type and length.
[[nodiscard]] Result<ItemKey> key_from_key(const catalog::KeySchema& schema, Item key);
// From a whole item, which must hold the key attributes.
[[nodiscard]] Result<ItemKey> key_from_item(const catalog::KeySchema& schema, const Item& item);

// What a transaction is refused for as a whole, before it looks at its actions' keys one by one:
// key attributes that are empty.
[[nodiscard]] Status check_keys_not_empty(const catalog::KeySchema& schema, const Item& attributes);

// A value that a key condition compares a key attribute with: of its type and length, not empty.
[[nodiscard]] Status check_key_operand(const catalog::KeyAttribute& attribute,
                                       const AttributeValue& value, bool is_sort_key);

// --- expressions ---

// ExpressionAttributeNames and ExpressionAttributeValues, checked by themselves.
struct ExpressionAttributes {
  expr::NameMap names;
  AttributeMap values;
};

// `expressions` and `legacy`: the parameters of the operation that are expressions, and those that
// may not stand beside them. Checks who stands beside whom.
[[nodiscard]] Status check_expression_parameters(
    json::Object input, std::initializer_list<std::string_view> expressions,
    std::initializer_list<std::string_view> legacy);
[[nodiscard]] Result<ExpressionAttributes> read_expression_attributes(json::Object input);
// --- conditions ---

// ConditionExpression or Expected, and what to tell when the item does not meet it.
struct WriteCondition {
  std::optional<expr::Condition> condition;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure=ALL_OLD
};
[[nodiscard]] Result<WriteCondition> read_write_condition(json::Object input,
                                                          expr::Placeholders& placeholders);
// Likewise where Expected means nothing: in a transaction.
[[nodiscard]] Result<WriteCondition> read_condition_expression(json::Object input,
                                                               expr::Placeholders& placeholders);

// ConditionalCheckFailedException unless the item, nullptr for none, meets the condition.
[[nodiscard]] Status check_condition(const WriteCondition& write, const Item* item);
// Likewise for an encoded item, which is decoded only if there is a condition.
[[nodiscard]] Status check_condition(const WriteCondition& write,
                                     const std::optional<Bytes>& stored_item);

// The item of bytes that this server stored, or an internal error.
[[nodiscard]] Result<Item> decode_stored_item(ByteView item);
// Such an item as a JSON object, as far as the projection shows it. Without one the bytes become
// JSON directly.
[[nodiscard]] Status write_stored_item(json::Writer& writer, ByteView item,
                                       const std::optional<expr::Projection>& projection);

}  // namespace millrace::ops
