#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: ListTables.
[[nodiscard]] Result<std::string> list_tables(const Call& call);

}  // namespace millrace::ops
