#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: UntagResource.
void untag_resource(const Call& call, Reply reply);

}  // namespace millrace::ops
