#include "access/item_batches.h"

#include <array>
#include <utility>

#include "access/action_row.h"
#include "access/table_resources.h"
#include "ops/input.h"
#include "ops/statement_request.h"

namespace millrace::access {
namespace {

// {"Put": {"TableName": …}}: what each action of a transaction needs.
constexpr auto kTransactPermissions = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"ConditionCheck", "dynamodb:ConditionCheckItem"},
    {"Delete", "dynamodb:DeleteItem"},
    {"Get", "dynamodb:GetItem"},
    {"Put", "dynamodb:PutItem"},
    {"Update", "dynamodb:UpdateItem"},
});

std::string_view transact_permission(std::string_view member) {
  for (const auto& [name, permission] : kTransactPermissions) {
    if (name == member) return permission;
  }
  return {};
}

struct StatementSubject {
  std::string_view permission;
  std::string_view table_name;
  std::string_view index_name = {};
};

StatementSubject subject_of(const partiql::Select& select) {
  return {"dynamodb:PartiQLSelect", select.table_name,
          select.index_name ? std::string_view(*select.index_name) : std::string_view()};
}
StatementSubject subject_of(const partiql::Insert& insert) {
  return {"dynamodb:PartiQLInsert", insert.table_name};
}
StatementSubject subject_of(const partiql::Update& update) {
  return {"dynamodb:PartiQLUpdate", update.table_name};
}
StatementSubject subject_of(const partiql::Delete& statement) {
  return {"dynamodb:PartiQLDelete", statement.table_name};
}
StatementSubject subject_of(const partiql::Exists& exists) {
  return subject_of(exists.select);
}

Status ask_one_statement(Inquiry& inquiry, json::Object request) {
  const auto read = ops::read_statement(request);
  if (!read.ok()) return Done{};
  const partiql::Statement& statement = read->statement;
  const auto subject = std::visit([](const auto& one) { return subject_of(one); }, statement);
  const TableResource source(inquiry.site(), subject.table_name, subject.index_name);
  return inquiry.ask_for(subject.permission, source.arn(),
                         {.table_name = source.table_name(),
                          .index_name = subject.index_name,
                          .items = request,
                          .statement = &statement,
                          .enclosing_operation = inquiry.action().operation});
}

Status ask_statements(Inquiry& inquiry, std::string_view member) {
  for (const json::Object statement : ops::objects_of(inquiry.input(), member)) {
    TRY(ask_one_statement(inquiry, statement));
  }
  return Done{};
}

}  // namespace

Status ask_batch_get(Inquiry& inquiry) {
  const auto tables = ops::optional_object(inquiry.input(), "RequestItems");
  if (!tables) return inquiry.ask(kAnything);
  for (const auto [name, element] : *tables) {
    const TableResource table(inquiry.site(), name);
    Part part{.table_name = table.table_name()};
    json::Object items;
    if (element.get(items) == simdjson::SUCCESS) part.items = items;
    TRY(inquiry.ask(table.arn(), part));
  }
  return Done{};
}

Status ask_batch_write(Inquiry& inquiry) {
  const auto tables = ops::optional_object(inquiry.input(), "RequestItems");
  if (!tables) return inquiry.ask(kAnything);
  for (const auto [name, element] : *tables) {
    const TableResource table(inquiry.site(), name);
    Part part{.table_name = table.table_name()};
    json::Array writes;
    if (element.get(writes) == simdjson::SUCCESS) part.writes = writes;
    TRY(inquiry.ask(table.arn(), part));
  }
  return Done{};
}

Status ask_transaction(Inquiry& inquiry) {
  for (const json::Object item : ops::objects_of(inquiry.input(), "TransactItems")) {
    for (const auto [member, element] : item) {
      json::Object action;
      const std::string_view permission = transact_permission(member);
      if (permission.empty() || element.get(action) != simdjson::SUCCESS) continue;
      const TableResource table(inquiry.site(),
                                ops::optional_string(action, "TableName").value_or(""));
      TRY(inquiry.ask_for(permission, table.arn(),
                          {.table_name = table.table_name(),
                           .items = action,
                           .enclosing_operation = inquiry.action().operation}));
    }
  }
  return Done{};
}

Status ask_statement(Inquiry& inquiry) {
  return ask_one_statement(inquiry, inquiry.input());
}

Status ask_batch_statements(Inquiry& inquiry) {
  return ask_statements(inquiry, "Statements");
}

Status ask_transact_statements(Inquiry& inquiry) {
  return ask_statements(inquiry, "TransactStatements");
}

}  // namespace millrace::access
