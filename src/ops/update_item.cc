#include "ops/update_item.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/index_key_check.h"
#include "ops/input.h"
#include "ops/item_collection.h"
#include "ops/item_request.h"
#include "ops/legacy_update.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct UpdateItemRequest {
  catalog::TablePointer table;
  ItemKey key;
  std::optional<expr::Update> update;
  WriteCondition condition;
  WriteResponse response;
};

Result<UpdateItemRequest> read_update_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"UpdateExpression", "ConditionExpression"},
                                  {"AttributeUpdates", "Expected", "ConditionalOperator"}));
  Item key = TRY(json::read_attribute_map(*json::member(input, "Key")));
  UpdateItemRequest request;
  request.response.return_values = return_values(input);
  request.response.return_consumed_capacity = return_consumed_capacity(input);
  request.response.return_item_collection_metrics = return_item_collection_metrics(input);
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  if (auto text = optional_string(input, "UpdateExpression")) {
    request.update = TRY(TRY(expr::Update::parse(*text)).bind(placeholders));
  } else {
    request.update = TRY(read_attribute_updates(input));
  }
  request.condition = TRY(read_write_condition(input, placeholders));
  TRY(placeholders.check_all_used());

  request.table = TRY(find_table_of_item(call));
  const catalog::KeySchema& schema = request.table->key_schema;
  request.key = TRY(key_from_key(schema, std::move(key)));
  request.response.set_item(*request.table, request.key);
  if (request.update) {
    TRY(request.update->check_keys(schema.attribute_names()));
    TRY(check_index_key_update(*request.table, *request.update));
  }
  return request;
}

Result<std::optional<Bytes>> decide(const UpdateItemRequest& request, const Item& key,
                                    const std::optional<Bytes>& before) {
  Item item = before ? TRY(decode_stored_item(*before)) : Item();
  TRY(check_condition(request.condition, before ? &item : nullptr));
  if (!before) {
    if (request.update && request.update->only_removes()) return std::optional<Bytes>();
    item = key;
  }
  if (request.update) TRY(request.update->apply(item));
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size to update has exceeded the maximum allowed size");
  }
  TRY(check_updated_index_keys(*request.table, item));
  return std::optional(encode_item(item));
}

}  // namespace

void update_item(const Call& call, Reply reply) {
  auto read = read_update_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto request = std::make_shared<const UpdateItemRequest>(std::move(*read));
  auto done = [request, reply = std::move(reply)](Result<WrittenItem> written) {
    if (!written.ok()) return reply(std::move(written).error());
    reply(write_write_response(request->response, *written, [&](const Item& item) {
      if (!request->update) return Item();
      return expr::Projection::of_paths(request->update->paths()).apply(item);
    }));
  };
  write_item(
      call.database, *request->table, request->key,
      [request](const std::optional<Bytes>& before) {
        return decide(*request, request->key.attributes, before);
      },
      std::move(done));
}

}  // namespace millrace::ops
