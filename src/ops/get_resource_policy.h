#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetResourcePolicy.
[[nodiscard]] Result<std::string> get_resource_policy(const Call& call);

}  // namespace millrace::ops
