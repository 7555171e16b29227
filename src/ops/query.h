#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: Query.
[[nodiscard]] Result<std::string> query(const Call& call);

}  // namespace millrace::ops
