// Patterns of JSON messages: { $.a.b[0] = "x*" && ($.n >= 3 || $.flag IS TRUE) }.
#pragma once

#include "logs/filter_pattern.h"

namespace millrace::logs {

// `text` begins with a brace. A message that is not JSON as a whole does not match. A comparison
// holds for no property that is not there; of those that [*] and .* choose one must meet it.
[[nodiscard]] Result<std::unique_ptr<FilterPattern>> parse_json_pattern(std::string_view text);

}  // namespace millrace::logs
