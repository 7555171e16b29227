// DescribeTimeToLive.
#pragma once

#include "ops/call.h"

namespace millrace::ops {

[[nodiscard]] Result<std::string> describe_time_to_live(const Call& call);

}  // namespace millrace::ops
