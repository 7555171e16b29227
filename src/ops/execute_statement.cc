#include "ops/execute_statement.h"

#include "json/attribute_value.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/next_token.h"
#include "ops/statement_read.h"
#include "ops/statement_request.h"
#include "ops/statement_write.h"

namespace millrace::ops {
namespace {

// What a token is for: this statement on this table, not on a later one of the same name.
Bytes request_of_token(const Bytes& text, const catalog::Table& table) {
  return text + table.id;
}

Result<std::string> select(const Call& call, const partiql::Select& select, const Bytes& text) {
  const bool consistent = optional_boolean(call.input, "ConsistentRead").value_or(false);
  SelectPlan plan = TRY(plan_select(call.database, select, consistent));
  if (const auto limit = optional_integer(call.input, "Limit")) {
    plan.options.limit = static_cast<size_t>(*limit);
  }
  const Bytes request = request_of_token(text, *plan.source.table);
  const Bytes& secret = call.database.iterator_secret;
  if (const auto token = optional_string(call.input, "NextToken")) {
    if (!begin_behind(plan, TRY(read_next_token(*token, request, secret)))) {
      return validation_error("NextToken does not match request");
    }
  }
  const ItemPage page =
      TRY(read_page(call.database, plan.source, plan.ranges, plan.direction, plan.options));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Items");
  writer.raw(page.items_json);
  if (page.last_key) {
    writer.member("NextToken", write_next_token(request, *page.last_key, secret));
    writer.key("LastEvaluatedKey");
    json::write_attribute_map(writer, *page.last_key);
  }
  write_consumed_capacity(writer, return_consumed_capacity(call.input), page.units);
  writer.end_object();
  return out;
}

Result<std::string> write_response(const StatementWrite& write, ReturnConsumedCapacity wanted,
                                   const WrittenItem& written) {
  const auto shown = TRY(write.show(written));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Items");
  writer.begin_array();
  if (shown) writer.raw(*shown);
  writer.end_array();
  write_consumed_capacity(writer, wanted, units_of(write, written));
  writer.end_object();
  return out;
}

Result<StatementWrite> plan_statement(const Call& call, partiql::Statement statement) {
  if (std::holds_alternative<partiql::Exists>(statement)) return misplaced_exists();
  if (json::member(call.input, "NextToken")) {
    return validation_error("NextToken does not match request");
  }
  return plan_write(
      call.database, std::move(statement),
      optional_string(call.input, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD");
}

}  // namespace

void execute_statement(const Call& call, Reply reply) {
  auto request = read_statement(call.input);
  if (!request.ok()) return reply(std::move(request).error());
  if (const auto* statement = std::get_if<partiql::Select>(&request->statement)) {
    return reply(select(call, *statement, request->text));
  }
  auto planned = plan_statement(call, std::move(request->statement));
  if (!planned.ok()) return reply(std::move(planned).error());
  auto write = std::make_shared<const StatementWrite>(std::move(*planned));
  auto done = [write, wanted = return_consumed_capacity(call.input),
               reply = std::move(reply)](Result<WrittenItem> written) {
    if (!written.ok()) return reply(std::move(written).error());
    reply(write_response(*write, wanted, *written));
  };
  write_item(call.database, *write->table, write->key, write->decide, std::move(done),
             call.observer);
}

}  // namespace millrace::ops
