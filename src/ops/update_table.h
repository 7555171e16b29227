#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: UpdateTable.
void update_table(const Call& call, Reply reply);

}  // namespace millrace::ops
