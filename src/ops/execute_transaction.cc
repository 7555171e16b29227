#include "ops/execute_transaction.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/canonical_json.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/statement_read.h"
#include "ops/statement_request.h"
#include "ops/statement_write.h"
#include "ops/transaction.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kOperation = "ExecuteTransaction";

using Statements = std::vector<partiql::Statement>;

Error in_statement(size_t index, std::string_view what) {
  return validation_error(
      fmt::format("Validation failed in TransactStatements[{}]: {}", index, what));
}

partiql::Returning returning_of(const partiql::Statement& statement) {
  if (const auto* update = std::get_if<partiql::Update>(&statement)) return update->returning;
  if (const auto* removal = std::get_if<partiql::Delete>(&statement)) return removal->returning;
  return partiql::Returning::kNone;
}

Status check_statement(size_t index, const partiql::Statement& statement) {
  if (returning_of(statement) != partiql::Returning::kNone) {
    return in_statement(index, "RETURNING clause is not supported in ExecuteTransaction");
  }
  const auto* select = std::get_if<partiql::Select>(&statement);
  if (const auto* exists = std::get_if<partiql::Exists>(&statement)) select = &exists->select;
  if (select != nullptr && select->index_name) {
    return in_statement(index, "Reads on an index are not supported in ExecuteTransaction");
  }
  return Done{};
}

Result<Statements> read_statements(json::Object input) {
  Statements statements;
  for (json::Object member : objects_of(input, "TransactStatements")) {
    statements.push_back(TRY(read_statement(member)).statement);
  }
  for (size_t i = 0; i < statements.size(); ++i) TRY(check_statement(i, statements[i]));
  const auto reads =
      static_cast<size_t>(std::count_if(statements.begin(), statements.end(), is_select));
  if (reads == 0 || reads == statements.size()) return statements;
  return validation_error(
      "ExecuteTransaction API does not support both read and write operations in the same "
      "request.");
}

// A statement whose table or key is not right cancels the transaction.
template <typename Planned>
Result<std::vector<Planned>> all_planned(std::vector<Result<Planned>> results) {
  std::vector<Status> outcomes;
  std::vector<Planned> planned;
  for (auto& result : results) {
    outcomes.push_back(result.ok() ? Status(Done{}) : result.error());
    if (result.ok()) planned.push_back(std::move(*result));
  }
  if (planned.size() < results.size()) return transaction_cancelled(std::move(outcomes));
  return planned;
}

Result<std::string> read_transaction(const Call& call, const Statements& statements) {
  std::vector<Result<KeyedSelect>> results;
  for (const partiql::Statement& statement : statements) {
    results.push_back(
        plan_keyed_select(call.database, std::get<partiql::Select>(statement), kOperation));
  }
  const auto selects = TRY(all_planned(std::move(results)));
  std::vector<TransactionAction> actions;
  for (const KeyedSelect& select : selects) actions.push_back({select.table, select.key, nullptr});
  TRY(check_distinct(actions));
  std::vector<TableUnits> units;
  const auto items = TRY(read_transaction_items(call.database, actions, units));

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Responses");
  writer.begin_array();
  for (size_t i = 0; i < selects.size(); ++i) {
    TRY(write_transaction_item(writer, items[i], selects[i].projection));
  }
  writer.end_array();
  write_consumed_capacity_list(writer, return_consumed_capacity(call.input), units,
                               UnitsKind::kRead);
  writer.end_object();
  return out;
}

struct PlannedWrites {
  std::vector<StatementWrite> writes;
  std::vector<TransactionAction> actions;
  std::optional<TokenedRequest> tokened;
};

Result<PlannedWrites> plan_writes(const Call& call, Statements statements) {
  const auto members = objects_of(call.input, "TransactStatements");
  std::vector<Result<StatementWrite>> results;
  for (size_t i = 0; i < statements.size(); ++i) {
    const bool return_item =
        optional_string(members[i], "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
    results.push_back(plan_write(call.database, std::move(statements[i]), return_item));
  }
  PlannedWrites planned;
  planned.writes = TRY(all_planned(std::move(results)));
  for (const StatementWrite& write : planned.writes) {
    planned.actions.push_back({write.table, write.key, write.decide});
  }
  TRY(check_distinct(planned.actions));
  if (auto token = optional_string(call.input, "ClientRequestToken")) {
    Bytes canonical;
    append_canonical(canonical, *json::member(call.input, "TransactStatements"));
    planned.tokened = {std::string(*token), auth::sha256(canonical)};
  }
  return planned;
}

// One object for each statement, in order; writes show nothing.
std::string write_transaction_response(size_t count, ReturnConsumedCapacity wanted,
                                       const std::vector<TableUnits>& units, UnitsKind kind) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Responses");
  writer.begin_array();
  for (size_t i = 0; i < count; ++i) {
    writer.begin_object();
    writer.end_object();
  }
  writer.end_array();
  write_consumed_capacity_list(writer, wanted, units, kind);
  writer.end_object();
  return out;
}

// The request took effect before: the answer costs what reading its items costs.
Result<std::string> answer_again(const Call& call, const PlannedWrites& planned) {
  std::vector<TableUnits> units;
  const auto items = TRY(read_transaction_items(call.database, planned.actions, units));
  return write_transaction_response(items.size(), return_consumed_capacity(call.input), units,
                                    UnitsKind::kRead);
}

TransactionDone reply_with_units(std::vector<StatementWrite> writes, ReturnConsumedCapacity wanted,
                                 Reply reply) {
  return [writes = std::move(writes), wanted,
          reply = std::move(reply)](Result<std::vector<WrittenItem>> written) {
    if (!written.ok()) return reply(std::move(written).error());
    std::vector<TableUnits> units;
    for (size_t i = 0; i < writes.size(); ++i) {
      TableUnits charged = units_of(writes[i], (*written)[i]);
      for (IndexUnits& index : charged.indexes) index.units *= kTransactionFactor;
      units_of(units, charged.table_name).add(kTransactionFactor * charged.units, charged.indexes);
    }
    reply(write_transaction_response(writes.size(), wanted, units, UnitsKind::kWrite));
  };
}

}  // namespace

void execute_transaction(const Call& call, Reply reply) {
  auto statements = read_statements(call.input);
  if (!statements.ok()) return reply(std::move(statements).error());
  if (is_select(statements->front())) return reply(read_transaction(call, *statements));
  auto planned = plan_writes(call, std::move(*statements));
  if (!planned.ok()) return reply(std::move(planned).error());
  if (planned->tokened) {
    auto found = call.database.request_tokens.begin(*planned->tokened);
    if (!found.ok()) return reply(std::move(found).error());
    if (*found == RequestTokens::Found::kDone) return reply(answer_again(call, *planned));
  }
  write_transaction(call.database, std::move(planned->actions), std::move(planned->tokened),
                    reply_with_units(std::move(planned->writes),
                                     return_consumed_capacity(call.input), std::move(reply)),
                    call.observer);
}

}  // namespace millrace::ops
