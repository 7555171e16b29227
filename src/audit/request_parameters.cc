#include "api/rest_binding.h"
#include "api/validate.h"
#include "audit/batch_parameters.h"
#include "audit/item_parameters.h"
#include "audit/request_description.h"
#include "audit/whole_parameters.h"

namespace millrace::audit {
namespace {

// nullptr: the operation has no input.
const api::Shape* input_shape(const RequestKind& kind) {
  if (kind.model == "lambda") {
    const api::RestBinding* binding = api::find_rest_binding(kind.model, kind.operation);
    return binding == nullptr ? nullptr : binding->input;
  }
  // The models' two ways to name it.
  const std::string operation(kind.operation);
  const api::Shape* shape = api::find_shape(kind.model, operation + "Input");
  return shape != nullptr ? shape : api::find_shape(kind.model, operation + "Request");
}

void write_members(ParameterWriter& writer, NamedTables& tables, const RequestKind& kind,
                   json::Object input) {
  switch (kind.form) {
    case RequestForm::kItem:
      return write_item_request(writer, tables, member_text(input, "TableName").value_or(""), input,
                                "item");
    case RequestForm::kBatchGet:
      return write_batch_get(writer, tables, input);
    case RequestForm::kBatchWrite:
      return write_batch_write(writer, tables, input);
    case RequestForm::kTransaction:
      return write_transaction(writer, tables, input);
    case RequestForm::kStatement:
      return write_statement(writer, tables, input);
    case RequestForm::kStatements:
      return write_statements(writer, tables, input, "Statements");
    case RequestForm::kTransactionStatements:
      return write_statements(writer, tables, input, "TransactStatements");
    case RequestForm::kWhole:
      return;
  }
}

bool gives_credentials(const RequestKind& kind) {
  return kind.operation == "AssumeRole" || kind.operation == "GetSessionToken" ||
         kind.operation == "GetFederationToken";
}

// CloudTrail's words for a field that it leaves out.
void settle(std::string& out, const ParameterWriter& writer, std::string_view field) {
  if (out == "{}") out.clear();
  if (!writer.full()) return;
  out = R"({"omitted":true,"reason":")";
  out += field;
  out += R"( too large"})";
}

}  // namespace

std::string request_parameters(const RequestKind& kind, const catalog::Catalog& catalog,
                               const std::optional<json::Object>& input) {
  std::string out;
  if (!input) return out;
  out.reserve(512);
  ParameterWriter writer(out);
  if (kind.form == RequestForm::kWhole) {
    if (const api::Shape* shape = input_shape(kind)) write_whole_request(writer, *shape, *input);
  } else {
    NamedTables tables(catalog);
    writer.begin_object();
    write_members(writer, tables, kind, *input);
    writer.end_object();
  }
  settle(out, writer, "requestParameters");
  return out;
}

std::string response_elements(const RequestKind& kind, std::string_view response) {
  std::string out;
  const bool changes = !kind.read_only || gives_credentials(kind);
  if (kind.category != Category::kManagement || !changes) return out;
  const auto document = json::Document::parse(response);
  json::Object object;
  if (!document.ok() || document->root().get(object) != simdjson::SUCCESS) return out;
  ParameterWriter writer(out);
  // CloudWatch Logs tells times as plain numbers of milliseconds.
  write_whole_response(writer, object, kind.model != "logs");
  settle(out, writer, "responseElements");
  return out;
}

}  // namespace millrace::audit
