#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: TagResource.
void tag_resource(const Call& call, Reply reply);

}  // namespace millrace::ops
