// What the PartiQL operations' requests have in common: a statement with its parameters.
#pragma once

#include <string>

#include "ops/call.h"
#include "partiql/statement.h"

namespace millrace::ops {

struct StatementRequest {
  partiql::Statement statement;
  Bytes text;  // the statement and its parameters; the same text for the same request
};

// From the members Statement and Parameters. ValidationException, for the parameters first.
[[nodiscard]] Result<StatementRequest> read_statement(json::Object request);

[[nodiscard]] bool is_select(const partiql::Statement& statement);

// EXISTS stands only in transactions.
[[nodiscard]] Error misplaced_exists();

}  // namespace millrace::ops
