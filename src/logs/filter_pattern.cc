#include "logs/filter_pattern.h"

#include "logs/column_pattern.h"
#include "logs/json_pattern.h"
#include "logs/pattern_text.h"
#include "logs/term_pattern.h"

namespace millrace::logs {

Result<std::unique_ptr<FilterPattern>> parse_filter_pattern(std::string_view text) {
  const std::string_view pattern = trimmed(text);
  if (pattern.starts_with('{')) return parse_json_pattern(pattern);
  if (pattern.starts_with('[')) return parse_column_pattern(pattern);
  return parse_term_pattern(pattern);
}

Error invalid_filter_pattern() {
  return {ErrorCode::kInvalidParameterException, "Invalid filter pattern"};
}

}  // namespace millrace::logs
