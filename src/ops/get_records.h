#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetRecords. With the header x-millrace-wait-ms, 0 to 20000, it answers as soon as
// there is a record, the shard is closed, or that time has passed.
void get_records(const Call& call, Reply reply);

// Millrace's own: the same, and each record has the id of the request that made it, where the audit
// trail records that request (docs/compatibility.md, "Millrace's own operations").
void get_stream_records(const Call& call, Reply reply);

}  // namespace millrace::ops
