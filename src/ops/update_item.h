#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: UpdateItem.
void update_item(const Call& call, Reply reply);

}  // namespace millrace::ops
