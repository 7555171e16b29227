// Patterns of space-delimited messages: [ip, user, ..., status=4*, bytes > 1000].
#pragma once

#include "logs/filter_pattern.h"

namespace millrace::logs {

// `text` begins with a bracket. A message has a field for every word, "quoted text" or [text in
// brackets], and must have as many as the pattern has columns; ... is any number of them.
[[nodiscard]] Result<std::unique_ptr<FilterPattern>> parse_column_pattern(std::string_view text);

}  // namespace millrace::logs
