#pragma once

#include "ops/call.h"

namespace millrace::ops {

void transact_write_items(const Call& call, Reply reply);

}  // namespace millrace::ops
