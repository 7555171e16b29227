#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: BatchWriteItem.
void batch_write_item(const Call& call, Reply reply);

}  // namespace millrace::ops
