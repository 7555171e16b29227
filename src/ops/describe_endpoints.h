#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DescribeEndpoints.
[[nodiscard]] Result<std::string> describe_endpoints(const Call& call);

}  // namespace millrace::ops
