#include "ops/put_item.h"

#include "ops/item_action.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

struct PutItemRequest {
  std::shared_ptr<const ItemAction> action;
  WriteResponse response;
  catalog::TablePointer table;
  ItemKey key;
};

Result<PutItemRequest> read_put_item(const Call& call) {
  PutItemRequest request;
  auto action = TRY(read_put_action(call.input, ActionForm::kOperation));
  request.response = TRY(read_write_response(call.input));
  request.table = TRY(find_table_of_item(call));
  request.key = TRY(action->bind(request.table));
  request.response.set_item(*request.table, request.key);
  request.action = std::move(action);
  return request;
}

}  // namespace

void put_item(const Call& call, Reply reply) {
  auto read = read_put_item(call);
  if (!read.ok()) return reply(std::move(read).error());
  write_item(call.database, *read->table, std::move(read->key), decide_by(std::move(read->action)),
             reply_with(std::move(read->response), std::move(reply)), call.observer);
}

}  // namespace millrace::ops
