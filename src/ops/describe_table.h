#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DescribeTable.
[[nodiscard]] Result<std::string> describe_table(const Call& call);

}  // namespace millrace::ops
