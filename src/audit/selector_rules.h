// Which event selectors may be put (CloudTrail API Reference, EventSelector, DataResource,
// AdvancedFieldSelector). All errors are InvalidEventSelectorsException.
#pragma once

#include <vector>

#include "audit/selectors.h"
#include "audit/selectors_json.h"
#include "base/result.h"

namespace millrace::audit {

[[nodiscard]] Status check_basic_selectors(const std::vector<BasicSelector>& selectors);
[[nodiscard]] Status check_advanced_selectors(const std::vector<AdvancedSelector>& selectors,
                                              SelectorOwner owner);

}  // namespace millrace::audit
