#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: DeleteResourcePolicy.
void delete_resource_policy(const Call& call, Reply reply);

}  // namespace millrace::ops
