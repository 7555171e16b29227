#pragma once

#include "ops/call.h"

namespace millrace::ops {

// What a stream's shards hold, how fast they grow and how far their readers are behind
// (docs/compatibility.md, "Millrace's own operations").
[[nodiscard]] Result<std::string> describe_stream_statistics(const Call& call);

}  // namespace millrace::ops
