#pragma once

#include <string>

#include "base/random.h"

namespace millrace {

// Of version 4, such as "c6af9ac6-7b61-11e6-9a41-93e8deadbeef".
[[nodiscard]] std::string new_uuid(Random& random);

}  // namespace millrace
