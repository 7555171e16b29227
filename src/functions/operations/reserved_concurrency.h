#pragma once

#include <cstdint>
#include <string>

#include "functions/function_api.h"

namespace millrace::functions {

// What all functions but one have reserved.
[[nodiscard]] int64_t reserved_concurrency(const FunctionApi& api, const std::string& but_of = "");
// What must be left for those that have reserved nothing.
[[nodiscard]] int64_t unreserved_concurrency_min(const FunctionApi& api);

}  // namespace millrace::functions
