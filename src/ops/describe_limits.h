#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DescribeLimits.
[[nodiscard]] Result<std::string> describe_limits(const Call& call);

}  // namespace millrace::ops
