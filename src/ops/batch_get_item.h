#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: BatchGetItem.
[[nodiscard]] Result<std::string> batch_get_item(const Call& call);

}  // namespace millrace::ops
