#include "ops/transact_write_items.h"

#include <algorithm>

#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/canonical_json.h"
#include "ops/index_key_check.h"
#include "ops/input.h"
#include "ops/item_action.h"
#include "ops/table_result.h"
#include "ops/transaction.h"

namespace millrace::ops {
namespace {

struct RequestedAction {
  json::Object parameters;
  std::shared_ptr<ItemAction> action;
  catalog::TablePointer table;
};

struct TransactWriteRequest {
  std::vector<TransactionAction> actions;
  std::optional<TokenedRequest> tokened;
  WantedMetrics wanted;
};

Result<std::unique_ptr<ItemAction>> read_action(std::string_view kind, json::Object parameters) {
  constexpr auto kForm = ActionForm::kTransaction;
  if (kind == "Put") return read_put_action(parameters, kForm);
  if (kind == "Delete") return read_delete_action(parameters, kForm);
  if (kind == "ConditionCheck") return read_condition_check(parameters);
  return std::unique_ptr<ItemAction>(TRY(read_update_action(parameters, kForm)));
}

Result<RequestedAction> read_transact_item(json::Object item) {
  std::optional<std::pair<std::string_view, json::Object>> found;
  for (std::string_view kind : {"ConditionCheck", "Put", "Delete", "Update"}) {
    auto parameters = optional_object(item, kind);
    if (!parameters) continue;
    if (found) {
      return validation_error("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    found.emplace(kind, *parameters);
  }
  if (!found) {
    return validation_error(
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  return RequestedAction{found->second, TRY(read_action(found->first, found->second)), nullptr};
}

Status find_table(const Database& database, RequestedAction& requested) {
  const std::string name =
      TRY(resolve_table_name(database, string_or_empty(requested.parameters, "TableName")));
  requested.table = database.catalog.find_table(name);
  if (!requested.table) {
    return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  }
  return Done{};
}

// What the request alone tells comes first, then its tables, then the keys by the tables' schemas:
// a key that is empty refuses the request, one that does not fit cancels the transaction.
Result<std::vector<TransactionAction>> read_actions(const Call& call) {
  std::vector<RequestedAction> requested;
  size_t bytes = 0;
  for (const json::Object item : objects_of(call.input, "TransactItems")) {
    requested.push_back(TRY(read_transact_item(item)));
    bytes += item_size_bytes(requested.back().action->attributes());
  }
  for (RequestedAction& one : requested) TRY(find_table(call.database, one));
  if (bytes > kTransactionBytesMax) return transaction_too_large();
  for (const RequestedAction& one : requested) {
    TRY(check_keys_not_empty(one.table->key_schema, one.action->attributes()));
    TRY(check_index_keys_not_empty(*one.table, one.action->attributes()));
  }
  std::vector<TransactionAction> actions;
  std::vector<Status> outcomes;
  for (RequestedAction& one : requested) {
    auto key = one.action->bind(one.table);
    outcomes.push_back(key.ok() ? Status(Done{}) : key.error());
    if (!key.ok()) continue;
    actions.push_back({std::move(one.table), std::move(*key), decide_by(std::move(one.action))});
  }
  TRY(check_distinct(actions));
  if (actions.size() < requested.size()) return transaction_cancelled(std::move(outcomes));
  return actions;
}

Result<TransactWriteRequest> read_transact_write(const Call& call) {
  TransactWriteRequest request;
  request.actions = TRY(read_actions(call));
  request.wanted = wanted_metrics(call.input);
  if (auto token = optional_string(call.input, "ClientRequestToken")) {
    Bytes canonical;
    append_canonical(canonical, *json::member(call.input, "TransactItems"));
    request.tokened = {std::string(*token), auth::sha256(canonical)};
  }
  return request;
}

std::string response(const std::vector<TableResult>& tables, const WantedMetrics& wanted,
                     UnitsKind kind) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_table_results(writer, tables, wanted, kind);
  writer.end_object();
  return out;
}

// Made where there is none yet.
TableResult& result_of(std::vector<TableResult>& tables, const std::string& name) {
  auto found = std::find_if(tables.begin(), tables.end(),
                            [&](const TableResult& table) { return table.name_as_given == name; });
  if (found == tables.end()) found = tables.insert(tables.end(), {name, {name, 0, {}}});
  return *found;
}

// The request took effect before: the answer costs what reading its items costs.
Result<std::string> answer_again(const Database& database, const TransactWriteRequest& request) {
  std::vector<TableUnits> units;
  TRY(read_transaction_items(database, request.actions, units));
  std::vector<TableResult> tables;
  for (TableUnits& charged : units) tables.push_back({charged.table_name, charged});
  return response(tables, request.wanted, UnitsKind::kRead);
}

TransactionDone reply_with_results(const TransactWriteRequest& request, Reply reply) {
  struct Target {
    std::string table_name;
    Item collection_key;
  };
  std::vector<Target> targets;
  for (const TransactionAction& action : request.actions) {
    targets.push_back(
        {action.table->name, collection_key(action.table->key_schema, action.key.attributes)});
  }
  return [targets = std::move(targets), wanted = request.wanted,
          reply = std::move(reply)](Result<std::vector<WrittenItem>> written) {
    if (!written.ok()) return reply(std::move(written).error());
    std::vector<TableResult> tables;
    for (size_t i = 0; i < targets.size(); ++i) {
      result_of(tables, targets[i].table_name)
          .add((*written)[i], targets[i].collection_key, kTransactionFactor);
    }
    reply(response(tables, wanted, UnitsKind::kWrite));
  };
}

}  // namespace

void transact_write_items(const Call& call, Reply reply) {
  auto request = read_transact_write(call);
  if (!request.ok()) return reply(std::move(request).error());
  if (request->tokened) {
    auto found = call.database.request_tokens.begin(*request->tokened);
    if (!found.ok()) return reply(std::move(found).error());
    if (*found == RequestTokens::Found::kDone) return reply(answer_again(call.database, *request));
  }
  auto done = reply_with_results(*request, std::move(reply));
  write_transaction(call.database, std::move(request->actions), std::move(request->tokened),
                    std::move(done), call.observer);
}

}  // namespace millrace::ops
