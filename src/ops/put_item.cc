#include "ops/put_item.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/index_key_check.h"
#include "ops/item_request.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct PutItemRequest {
  WriteResponse response;
  WriteCondition condition;
  catalog::TablePointer table;
  ItemKey key;
  Bytes item;
};

Result<PutItemRequest> read_put_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ConditionExpression"},
                                  {"Expected", "ConditionalOperator"}));
  const Item item = TRY(json::read_attribute_map(*json::member(input, "Item")));
  PutItemRequest request;
  request.response = TRY(read_write_response(input));
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  request.condition = TRY(read_only_condition(input));
  request.table = TRY(find_table_of_item(call));
  request.key = TRY(key_from_item(request.table->key_schema, item));
  TRY(check_index_keys(*request.table, item));
  request.response.set_item(*request.table, request.key);
  request.item = encode_item(item);
  return request;
}

}  // namespace

void put_item(const Call& call, Reply reply) {
  auto read = read_put_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto decide = [condition = std::move(read->condition), item = std::move(read->item)](
                    const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
    TRY(check_condition(condition, before));
    return std::optional(item);
  };
  write_item(call.database, *read->table, std::move(read->key), std::move(decide),
             reply_with(std::move(read->response), std::move(reply)));
}

}  // namespace millrace::ops
