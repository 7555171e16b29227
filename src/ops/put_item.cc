#include "ops/put_item.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/item_request.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct PutItemRequest {
  catalog::TablePointer table;
  ItemKey key;
  Bytes item;
  WriteCondition condition;
  WriteResponse response;
};

Result<PutItemRequest> read_put_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ConditionExpression"},
                                  {"Expected", "ConditionalOperator"}));
  const Item item = TRY(json::read_attribute_map(*json::member(input, "Item")));
  PutItemRequest request;
  request.response.return_values = TRY(return_old_values(input));
  request.response.return_consumed_capacity = return_consumed_capacity(input);
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  request.condition.condition = TRY(read_condition(input, placeholders));
  request.condition.return_item_on_failure = returns_item_on_failure(input);
  TRY(placeholders.check_all_used());

  request.table = TRY(find_table_of_item(call));
  request.response.table_name = request.table->name;
  request.key = TRY(key_from_item(request.table->key_schema, item));
  request.item = encode_item(item);
  return request;
}

}  // namespace

void put_item(const Call& call, Reply reply) {
  auto read = read_put_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto request = std::make_shared<PutItemRequest>(std::move(*read));
  auto decide = [request](const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
    if (request->condition.condition) {
      const Item item = before ? TRY(decode_stored_item(*before)) : Item();
      TRY(check_condition(request->condition, before ? &item : nullptr));
    }
    return std::optional(request->item);
  };
  write_item(call.database, *request->table, std::move(request->key), std::move(decide),
             [request, reply = std::move(reply)](Result<WrittenItem> written) {
               if (!written.ok()) return reply(std::move(written).error());
               reply(write_write_response(request->response, *written));
             });
}

}  // namespace millrace::ops
