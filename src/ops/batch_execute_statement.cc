#include "ops/batch_execute_statement.h"

#include <algorithm>
#include <mutex>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/statement_read.h"
#include "ops/statement_request.h"
#include "ops/statement_write.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kOperation = "BatchExecuteStatement";

// BatchStatementErrorCodeEnum: the names of errors without their last word.
std::string_view short_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConditionalCheckFailedException:
      return "ConditionalCheckFailed";
    case ErrorCode::kDuplicateItemException:
      return "DuplicateItem";
    case ErrorCode::kItemCollectionSizeLimitExceededException:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kProvisionedThroughputExceededException:
      return "ProvisionedThroughputExceeded";
    case ErrorCode::kResourceNotFoundException:
      return "ResourceNotFound";
    case ErrorCode::kValidationException:
      return "ValidationError";
    case ErrorCode::kAccessDeniedException:
      return "AccessDenied";
    default:
      return "InternalServerError";
  }
}

// What became of one statement. The table is named when the statement got as far as that.
struct Outcome {
  std::string table_name = {};
  std::optional<std::string> item_json = {};
  std::optional<Error> error = {};
  std::optional<TableUnits> units = {};
};

std::string error_json(const Error& error) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Code", short_code(error.code));
  const bool internal = error.code == ErrorCode::kInternalServerError;
  writer.member("Message", internal ? "Internal server error" : error.message);
  writer.end_object();
  if (!error.members_json.empty()) out.insert(out.size() - 1, "," + error.members_json);
  return out;
}

void write_outcome(json::Writer& writer, const Outcome& outcome) {
  writer.begin_object();
  if (outcome.error) {
    writer.key("Error");
    writer.raw(error_json(*outcome.error));
  }
  if (!outcome.table_name.empty()) writer.member("TableName", outcome.table_name);
  if (outcome.item_json) {
    writer.key("Item");
    writer.raw(*outcome.item_json);
  }
  writer.end_object();
}

// Replies when the last of the statements is done. Shared by the callbacks of the writes, which
// come from any thread.
class JoinedStatements {
 public:
  JoinedStatements(size_t count, ReturnConsumedCapacity wanted, Reply reply)
      : wanted_(wanted), reply_(std::move(reply)), outcomes_(count), remaining_(count) {}

  void done(size_t index, Outcome outcome) {
    {
      std::lock_guard lock(mutex_);
      outcomes_[index] = std::move(outcome);
      if (--remaining_ > 0) return;
    }
    finish();
  }

 private:
  void finish() {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("Responses");
    writer.begin_array();
    std::vector<TableUnits> units;
    for (const Outcome& outcome : outcomes_) {
      write_outcome(writer, outcome);
      if (outcome.units) units.push_back(*outcome.units);
    }
    writer.end_array();
    write_consumed_capacity_list(writer, wanted_, units);
    writer.end_object();
    reply_(std::move(out));
  }

  const ReturnConsumedCapacity wanted_;
  const Reply reply_;
  std::mutex mutex_;
  std::vector<Outcome> outcomes_;  // guarded by mutex_
  size_t remaining_;               // guarded by mutex_
};

Outcome failed(Error error, std::string table_name = {}) {
  Outcome outcome;
  outcome.table_name = std::move(table_name);
  outcome.error = std::move(error);
  return outcome;
}

Result<Outcome> read_one(const Database& database, const partiql::Select& select, bool consistent) {
  const KeyedSelect keyed = TRY(plan_keyed_select(database, select, kOperation));
  TRY(database.throttle->admit_read(*keyed.table, nullptr));
  const auto stored = TRY(database.engine.get(keyed.table->items_partition, keyed.key.storage_key));
  Outcome outcome;
  outcome.table_name = keyed.table->name;
  const size_t bytes = stored ? encoded_item_size_bytes(*stored).value_or(0) : 0;
  outcome.units = TableUnits{keyed.table->name, read_units(bytes, consistent), {}};
  database.throttle->charge(CapacityKind::kRead, *keyed.table, *outcome.units);
  if (!stored) return outcome;
  json::Writer writer(outcome.item_json.emplace());
  TRY(write_stored_item(writer, *stored, keyed.projection));
  return outcome;
}

Result<Outcome> outcome_of(const StatementWrite& write, Result<WrittenItem> written) {
  const WrittenItem item = TRY(std::move(written));
  Outcome outcome;
  outcome.table_name = write.table->name;
  outcome.item_json = TRY(write.show(item));
  outcome.units = units_of(write, item);
  return outcome;
}

void run_write(const Call& call, partiql::Statement statement, bool return_item_on_failure,
               const std::function<void(Outcome)>& done) {
  auto planned = plan_write(call.database, std::move(statement), return_item_on_failure);
  if (!planned.ok()) return done(failed(std::move(planned).error()));
  auto write = std::make_shared<const StatementWrite>(std::move(*planned));
  write_item(
      call.database, *write->table, write->key, write->decide,
      [write, done](Result<WrittenItem> written) {
        auto outcome = outcome_of(*write, std::move(written));
        if (outcome.ok()) return done(std::move(*outcome));
        done(failed(std::move(outcome).error(), write->table->name));
      },
      call.observer);
}

void run(const Call& call, json::Object member, Result<StatementRequest> request,
         const std::function<void(Outcome)>& done) {
  if (!request.ok()) return done(failed(std::move(request).error()));
  partiql::Statement& statement = request->statement;
  if (std::holds_alternative<partiql::Exists>(statement)) return done(failed(misplaced_exists()));
  if (const auto* select = std::get_if<partiql::Select>(&statement)) {
    const bool consistent = optional_boolean(member, "ConsistentRead").value_or(false);
    auto outcome = read_one(call.database, *select, consistent);
    return done(outcome.ok() ? std::move(*outcome) : failed(std::move(outcome).error()));
  }
  run_write(call, std::move(statement),
            optional_string(member, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD", done);
}

Status check_not_mixed(const std::vector<Result<StatementRequest>>& requests) {
  const auto reads = std::count_if(requests.begin(), requests.end(), [](const auto& request) {
    return request.ok() && is_select(request->statement);
  });
  const auto readable = std::count_if(requests.begin(), requests.end(),
                                      [](const auto& request) { return request.ok(); });
  if (reads == 0 || reads == readable) return Done{};
  return validation_error(
      "BatchExecuteStatement API does not support both read and write operations in the same "
      "request.");
}

}  // namespace

void batch_execute_statement(const Call& call, Reply reply) {
  const auto members = objects_of(call.input, "Statements");
  std::vector<Result<StatementRequest>> requests;
  requests.reserve(members.size());
  for (json::Object member : members) requests.push_back(read_statement(member));
  auto unmixed = check_not_mixed(requests);
  if (!unmixed.ok()) return reply(std::move(unmixed).error());
  auto joined = std::make_shared<JoinedStatements>(
      members.size(), return_consumed_capacity(call.input), std::move(reply));
  for (size_t i = 0; i < members.size(); ++i) {
    run(call, members[i], std::move(requests[i]),
        [joined, i](Outcome outcome) { joined->done(i, std::move(outcome)); });
  }
}

}  // namespace millrace::ops
