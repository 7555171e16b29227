#pragma once

#include "ops/call.h"

namespace millrace::ops {

Result<std::string> transact_get_items(const Call& call);

}  // namespace millrace::ops
