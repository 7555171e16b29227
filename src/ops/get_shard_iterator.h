#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: GetShardIterator.
[[nodiscard]] Result<std::string> get_shard_iterator(const Call& call);

}  // namespace millrace::ops
