#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: ExecuteTransaction.
void execute_transaction(const Call& call, Reply reply);

}  // namespace millrace::ops
