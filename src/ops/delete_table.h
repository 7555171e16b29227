#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DeleteTable.
void delete_table(const Call& call, Reply reply);

}  // namespace millrace::ops
