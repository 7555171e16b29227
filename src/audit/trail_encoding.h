// A trail as it is stored: JSON (docs/formats/audit.md).
#pragma once

#include <string>
#include <string_view>

#include "audit/trail.h"
#include "base/result.h"

namespace millrace::audit {

[[nodiscard]] std::string write_trail(const Trail& trail);
// InternalServerError when it is not what write_trail() wrote.
[[nodiscard]] Result<Trail> read_trail(std::string_view text);

}  // namespace millrace::audit
