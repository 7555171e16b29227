#pragma once

#include <string>

#include "base/random.h"

namespace millrace::wire {

// 52 characters of A-Z and 0-9, as the service's own.
[[nodiscard]] std::string new_request_id(Random& random);

}  // namespace millrace::wire
