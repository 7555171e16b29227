#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetRecords.
[[nodiscard]] Result<std::string> get_records(const Call& call);

}  // namespace millrace::ops
