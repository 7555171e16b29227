#pragma once

#include "ops/call.h"

namespace millrace::ops {

// Splits the partition of an open shard, or every partition of the table
// (docs/compatibility.md, "Millrace's own operations").
void split_table(const Call& call, Reply reply);

}  // namespace millrace::ops
