#include "audit/batch_parameters.h"

#include <array>
#include <string>

#include "audit/statement_redaction.h"

namespace millrace::audit {
namespace {

struct OperationName {
  std::string_view member;  // of an element of the request
  std::string_view shown;
};

constexpr auto kBatchWrites =
    std::to_array<OperationName>({{"PutRequest", "Put"}, {"DeleteRequest", "Delete"}});
constexpr auto kTransactItems = std::to_array<OperationName>({{"Put", "Put"},
                                                              {"Update", "Update"},
                                                              {"Delete", "Delete"},
                                                              {"ConditionCheck", "ConditionCheck"},
                                                              {"Get", "Get"}});

void write_element(ParameterWriter& writer, NamedTables& tables, std::string_view operation,
                   std::string_view table_name, json::Object request) {
  writer.begin_object();
  writer.member("operation", operation);
  write_item_request(writer, tables, table_name, request, "items");
  writer.end_object();
}

// The elements of `array` that are objects.
template <typename Visit>
void each_object(const ParameterWriter& writer, json::Array array, Visit visit) {
  for (const auto element : array) {
    if (writer.full()) return;
    json::Object object;
    if (element.get(object) == simdjson::SUCCESS) visit(object);
  }
}

// The options of the table's part, which hold for all its keys: members as JSON without braces,
// written once because there may be many of both.
std::string options_of(ParameterWriter& writer, json::Object request) {
  std::string options;
  ParameterWriter options_writer(options);
  write_options(options_writer, nullptr, request);
  if (options_writer.full()) writer.set_full();
  return options;
}

void write_keys(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                json::Object request) {
  const auto keys = member_array(request, "Keys");
  if (!keys) return;
  const std::string options = options_of(writer, request);
  each_object(writer, *keys, [&](json::Object key) {
    writer.begin_object();
    writer.member("operation", "Get");
    write_table_and_key(writer, tables, table_name, key);
    if (!options.empty()) writer.raw(options);
    writer.end_object();
  });
}

void write_writes(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                  json::Array writes) {
  each_object(writer, writes, [&](json::Object write) {
    for (const auto& [member, shown] : kBatchWrites) {
      const auto request = member_object(write, member);
      if (request) write_element(writer, tables, shown, table_name, *request);
    }
  });
}

}  // namespace

void write_batch_get(ParameterWriter& writer, NamedTables& tables, json::Object request) {
  if (const auto items = member_object(request, "RequestItems")) {
    writer.key("requestItems");
    writer.begin_array();
    for (const auto [table_name, keys] : *items) {
      json::Object object;
      if (keys.get(object) == simdjson::SUCCESS) write_keys(writer, tables, table_name, object);
    }
    writer.end_array();
  }
  write_options(writer, nullptr, request);
}

void write_batch_write(ParameterWriter& writer, NamedTables& tables, json::Object request) {
  if (const auto items = member_object(request, "RequestItems")) {
    writer.key("requestItems");
    writer.begin_array();
    for (const auto [table_name, writes] : *items) {
      json::Array array;
      if (writes.get(array) == simdjson::SUCCESS) write_writes(writer, tables, table_name, array);
    }
    writer.end_array();
  }
  write_options(writer, nullptr, request);
}

void write_transaction(ParameterWriter& writer, NamedTables& tables, json::Object request) {
  if (const auto items = member_array(request, "TransactItems")) {
    writer.key("requestItems");
    writer.begin_array();
    each_object(writer, *items, [&](json::Object item) {
      for (const auto& [member, shown] : kTransactItems) {
        const auto part = member_object(item, member);
        if (!part) continue;
        write_element(writer, tables, shown, member_text(*part, "TableName").value_or(""), *part);
      }
    });
    writer.end_array();
  }
  write_options(writer, nullptr, request);
}

void write_statement(ParameterWriter& writer, NamedTables& tables, json::Object statement) {
  if (const auto text = member_text(statement, "Statement")) {
    if (text->size() > kParametersBytesMax) return writer.set_full();
    const StatementTokens tokens(*text);
    const catalog::Table* table = tables.find(tokens.table_name());
    writer.member("statement",
                  redact_statement(tokens, table == nullptr ? nullptr : &table->key_schema));
  }
  write_options(writer, nullptr, statement);
}

void write_statements(ParameterWriter& writer, NamedTables& tables, json::Object request,
                      std::string_view member) {
  if (const auto statements = member_array(request, member)) {
    writer.key("requestItems");
    writer.begin_array();
    each_object(writer, *statements, [&](json::Object statement) {
      writer.begin_object();
      write_statement(writer, tables, statement);
      writer.end_object();
    });
    writer.end_array();
  }
  write_options(writer, nullptr, request);
}

}  // namespace millrace::audit
