#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DeleteItem.
void delete_item(const Call& call, Reply reply);

}  // namespace millrace::ops
