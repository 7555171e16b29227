#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DescribeStream.
[[nodiscard]] Result<std::string> describe_stream(const Call& call);

}  // namespace millrace::ops
