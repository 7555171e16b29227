#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetItem.
[[nodiscard]] Result<std::string> get_item(const Call& call);

}  // namespace millrace::ops
