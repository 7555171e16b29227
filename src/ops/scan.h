#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: Scan.
[[nodiscard]] Result<std::string> scan(const Call& call);

}  // namespace millrace::ops
