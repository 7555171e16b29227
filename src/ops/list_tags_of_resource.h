#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: ListTagsOfResource.
[[nodiscard]] Result<std::string> list_tags_of_resource(const Call& call);

}  // namespace millrace::ops
