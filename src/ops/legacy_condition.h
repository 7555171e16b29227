// The legacy parameters that are conditions: Expected, QueryFilter, ScanFilter and KeyConditions,
// with ConditionalOperator. Errors are the service's; conditions are checked in the order they are
// sent.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "expr/expression.h"
#include "json/document.h"

namespace millrace::ops {

// ConditionalOperator stands only beside an Expected or a filter of two or more attributes.
[[nodiscard]] Status check_conditional_operator(json::Object input);

// Nothing when the parameter is absent or empty.
[[nodiscard]] Result<std::optional<expr::Condition>> read_expected(json::Object input);
// `parameter`: QueryFilter or ScanFilter.
[[nodiscard]] Result<std::optional<expr::Condition>> read_legacy_filter(json::Object input,
                                                                        std::string_view parameter);
// Empty when the parameter is absent.
[[nodiscard]] Result<std::vector<expr::KeyComparison>> read_key_conditions(json::Object input);

}  // namespace millrace::ops
