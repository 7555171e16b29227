#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: ExecuteStatement.
void execute_statement(const Call& call, Reply reply);

}  // namespace millrace::ops
