// UpdateTimeToLive.
#pragma once

#include "ops/call.h"

namespace millrace::ops {

void update_time_to_live(const Call& call, Reply reply);

}  // namespace millrace::ops
