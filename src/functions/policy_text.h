// The resource policy of a function, as GetPolicy answers it.
#pragma once

#include <string>

#include "functions/function_record.h"

namespace millrace::functions {

[[nodiscard]] std::string policy_text(const Policy& policy);

}  // namespace millrace::functions
