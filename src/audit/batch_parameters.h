// The parameters of batches and transactions: `requestItems`, a list with one element for each item
// or statement.
#pragma once

#include "audit/item_parameters.h"
#include "audit/parameter_writer.h"
#include "json/document.h"

namespace millrace::audit {

// Members of the object that `writer` is in.
void write_batch_get(ParameterWriter& writer, NamedTables& tables, json::Object request);
void write_batch_write(ParameterWriter& writer, NamedTables& tables, json::Object request);
void write_transaction(ParameterWriter& writer, NamedTables& tables, json::Object request);
// `member` holds the statements.
void write_statements(ParameterWriter& writer, NamedTables& tables, json::Object request,
                      std::string_view member);
// One statement and its options.
void write_statement(ParameterWriter& writer, NamedTables& tables, json::Object statement);

}  // namespace millrace::audit
