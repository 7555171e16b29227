#pragma once

#include "api/shapes.h"
#include "base/result.h"
#include "json/document.h"

namespace millrace::wire {

// As api::check_constraints(), with IAM's own words for a name of characters that names have not.
[[nodiscard]] Status check_query_constraints(const api::Shape& shape, json::Element request);

}  // namespace millrace::wire
