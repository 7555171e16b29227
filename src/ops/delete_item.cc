#include "ops/delete_item.h"

#include "json/attribute_value.h"
#include "ops/item_request.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct DeleteItemRequest {
  catalog::TablePointer table;
  ItemKey key;
  WriteCondition condition;
  WriteResponse response;
};

Result<DeleteItemRequest> read_delete_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ConditionExpression"},
                                  {"Expected", "ConditionalOperator"}));
  Item key = TRY(json::read_attribute_map(*json::member(input, "Key")));
  DeleteItemRequest request;
  request.response.return_values = TRY(return_old_values(input));
  request.response.return_consumed_capacity = return_consumed_capacity(input);
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  request.condition.condition = TRY(read_condition(input, placeholders));
  request.condition.return_item_on_failure = returns_item_on_failure(input);
  TRY(placeholders.check_all_used());

  request.table = TRY(find_table_of_item(call));
  request.response.table_name = request.table->name;
  request.key = TRY(key_from_key(request.table->key_schema, std::move(key)));
  return request;
}

}  // namespace

void delete_item(const Call& call, Reply reply) {
  auto read = read_delete_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto request = std::make_shared<DeleteItemRequest>(std::move(*read));
  auto decide = [request](const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
    if (request->condition.condition) {
      const Item item = before ? TRY(decode_stored_item(*before)) : Item();
      TRY(check_condition(request->condition, before ? &item : nullptr));
    }
    return std::optional<Bytes>();
  };
  write_item(call.database, *request->table, std::move(request->key), std::move(decide),
             [request, reply = std::move(reply)](Result<WrittenItem> written) {
               if (!written.ok()) return reply(std::move(written).error());
               reply(write_write_response(request->response, *written));
             });
}

}  // namespace millrace::ops
