#include "ops/delete_item.h"

#include "json/attribute_value.h"
#include "ops/item_request.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct DeleteItemRequest {
  WriteResponse response;
  WriteCondition condition;
  catalog::TablePointer table;
  ItemKey key;
};

Result<DeleteItemRequest> read_delete_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ConditionExpression"},
                                  {"Expected", "ConditionalOperator"}));
  Item key = TRY(json::read_attribute_map(*json::member(input, "Key")));
  DeleteItemRequest request;
  request.response = TRY(read_write_response(input));
  request.condition = TRY(read_only_condition(input));
  request.table = TRY(find_table_of_item(call));
  request.key = TRY(key_from_key(request.table->key_schema, std::move(key)));
  request.response.set_item(*request.table, request.key);
  return request;
}

}  // namespace

void delete_item(const Call& call, Reply reply) {
  auto read = read_delete_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto decide = [condition = std::move(read->condition)](
                    const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
    TRY(check_condition(condition, before));
    return std::optional<Bytes>();
  };
  write_item(call.database, *read->table, std::move(read->key), std::move(decide),
             reply_with(std::move(read->response), std::move(reply)));
}

}  // namespace millrace::ops
