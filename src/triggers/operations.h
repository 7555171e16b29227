// Millrace's own operations on event source mappings.
#pragma once

#include <vector>

#include "api/service.h"
#include "triggers/triggers.h"

namespace millrace::triggers {

// Of the service Millrace_20261101. `triggers` must outlive them.
[[nodiscard]] std::vector<api::JsonOperation> trigger_operations(Triggers& triggers);

}  // namespace millrace::triggers
