#include "ops/transact_get_items.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/transaction.h"

namespace millrace::ops {
namespace {

struct TransactGet {
  std::string table_name;
  Item key_attributes;
  std::optional<expr::Projection> projection;
  catalog::TablePointer table;
  ItemKey key;
};

Result<TransactGet> read_get(const Call& call, json::Object get) {
  TransactGet read;
  TRY(check_expression_parameters(get, {"ProjectionExpression"}, {}));
  read.key_attributes = TRY(json::read_attribute_map(*json::member(get, "Key")));
  const auto attributes = TRY(read_expression_attributes(get));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  if (auto text = optional_string(get, "ProjectionExpression")) {
    read.projection = TRY(TRY(expr::Projection::parse(*text)).bind(placeholders));
  }
  TRY(placeholders.check_all_used());
  read.table_name = TRY(resolve_table_name(call.database, string_or_empty(get, "TableName")));
  return read;
}

// A key that does not fit its table cancels the transaction; all else refuses the request.
Result<std::vector<TransactGet>> read_gets(const Call& call) {
  std::vector<TransactGet> gets;
  for (const json::Object item : objects_of(call.input, "TransactItems")) {
    gets.push_back(TRY(read_get(call, *optional_object(item, "Get"))));
  }
  for (TransactGet& get : gets) {
    get.table = call.database.catalog.find_table(get.table_name);
    if (!get.table) {
      return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
    }
  }
  std::vector<Status> outcomes;
  std::vector<TransactionAction> actions;
  for (TransactGet& get : gets) {
    auto key = key_from_key(get.table->key_schema, std::move(get.key_attributes));
    outcomes.push_back(key.ok() ? Status(Done{}) : key.error());
    if (!key.ok()) continue;
    get.key = std::move(*key);
    actions.push_back({get.table, get.key, nullptr});
  }
  TRY(check_distinct(actions));
  if (actions.size() < gets.size()) return transaction_cancelled(std::move(outcomes));
  return gets;
}

}  // namespace

Result<std::string> transact_get_items(const Call& call) {
  const auto gets = TRY(read_gets(call));
  std::vector<TransactionAction> actions;
  for (const TransactGet& get : gets) actions.push_back({get.table, get.key, nullptr});
  std::vector<TableUnits> units;
  const auto items = TRY(read_transaction_items(call.database, actions, units));

  size_t total_bytes = 0;
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Responses");
  writer.begin_array();
  for (size_t i = 0; i < gets.size(); ++i) {
    const size_t bytes = items[i] ? encoded_item_size_bytes(*items[i]).value_or(0) : 0;
    total_bytes += bytes;
    if (total_bytes > kTransactionBytesMax) return transaction_too_large();
    TRY(write_transaction_item(writer, items[i], gets[i].projection));
  }
  writer.end_array();
  write_consumed_capacity_list(writer, return_consumed_capacity(call.input), units,
                               UnitsKind::kRead);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
