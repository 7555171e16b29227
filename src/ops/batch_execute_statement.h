#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: BatchExecuteStatement.
void batch_execute_statement(const Call& call, Reply reply);

}  // namespace millrace::ops
