// Filter patterns of CloudWatch Logs (User Guide, "Filter pattern syntax"): terms, JSON objects and
// space-delimited columns.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::logs {

// Immutable. Looks at a message in time linear in its length.
class FilterPattern {
 public:
  virtual ~FilterPattern() = default;
  [[nodiscard]] virtual bool matches(std::string_view message) const = 0;

  // What the pattern names in a message that matches: "$.a.b" or "$column", and its value.
  using Values = std::map<std::string, std::string>;
  [[nodiscard]] virtual Values extract(std::string_view /*message*/) const { return {}; }
};

// InvalidParameterException for what is not a pattern.
[[nodiscard]] Result<std::unique_ptr<FilterPattern>> parse_filter_pattern(std::string_view text);

[[nodiscard]] Error invalid_filter_pattern();

}  // namespace millrace::logs
