#include "ops/statement_request.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

Result<std::vector<AttributeValue>> read_parameters(json::Object request) {
  std::vector<AttributeValue> parameters;
  json::Array array;
  auto member = json::member(request, "Parameters");
  if (!member || member->get(array) != simdjson::SUCCESS) return parameters;
  for (json::Element element : array) {
    parameters.push_back(TRY(json::read_attribute_value(element)));
  }
  return parameters;
}

}  // namespace

Result<StatementRequest> read_statement(json::Object request) {
  const auto parameters = TRY(read_parameters(request));
  const std::string_view text = optional_string(request, "Statement").value_or("");
  StatementRequest read{TRY(partiql::parse(text, parameters)), {}};
  append_sized(read.text, text);
  for (const AttributeValue& parameter : parameters) encode_value(read.text, parameter);
  return read;
}

bool is_select(const partiql::Statement& statement) {
  return std::holds_alternative<partiql::Select>(statement);
}

Error misplaced_exists() {
  return validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
}

}  // namespace millrace::ops
