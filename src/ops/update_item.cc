#include "ops/update_item.h"

#include "ops/item_action.h"
#include "ops/item_collection.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct UpdateItemRequest {
  std::shared_ptr<const UpdateAction> action;
  WriteResponse response;
  catalog::TablePointer table;
  ItemKey key;
};

Result<UpdateItemRequest> read_update_item(const Call& call) {
  UpdateItemRequest request;
  auto action = TRY(read_update_action(call.input, ActionForm::kOperation));
  request.response.return_values = return_values(call.input);
  request.response.return_consumed_capacity = return_consumed_capacity(call.input);
  request.response.return_item_collection_metrics = return_item_collection_metrics(call.input);
  request.table = TRY(find_table_of_item(call));
  request.key = TRY(action->bind(request.table));
  request.response.set_item(*request.table, request.key);
  request.action = std::move(action);
  return request;
}

Item updated_attributes(const UpdateAction& action, const Item& item) {
  if (!action.update()) return {};
  return expr::Projection::of_paths(action.update()->paths()).apply(item);
}

}  // namespace

void update_item(const Call& call, Reply reply) {
  auto read = read_update_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto done = [action = read->action, response = std::move(read->response),
               reply = std::move(reply)](Result<WrittenItem> written) {
    if (!written.ok()) return reply(std::move(written).error());
    reply(write_write_response(
        response, *written, [&](const Item& item) { return updated_attributes(*action, item); }));
  };
  write_item(call.database, *read->table, std::move(read->key), decide_by(std::move(read->action)),
             std::move(done), call.observer);
}

}  // namespace millrace::ops
