#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetRecords. With the header x-millrace-wait-ms, 0 to 20000, it answers as soon as
// there is a record, the shard is closed, or that time has passed.
void get_records(const Call& call, Reply reply);

}  // namespace millrace::ops
