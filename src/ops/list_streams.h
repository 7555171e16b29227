#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: ListStreams.
[[nodiscard]] Result<std::string> list_streams(const Call& call);

}  // namespace millrace::ops
