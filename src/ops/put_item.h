#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: PutItem.
void put_item(const Call& call, Reply reply);

}  // namespace millrace::ops
