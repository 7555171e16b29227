// Patterns of terms: ERROR "exact phrase" -excluded, ?one ?or-another, %expression%.
#pragma once

#include "logs/filter_pattern.h"

namespace millrace::logs {

// A term is found anywhere in a message, also within a word. Optional terms, those with a question
// mark, count only when there are no others, as the service has it.
[[nodiscard]] Result<std::unique_ptr<FilterPattern>> parse_term_pattern(std::string_view text);

}  // namespace millrace::logs
