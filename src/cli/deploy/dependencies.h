// The order in which resources are made.
#pragma once

#include <vector>

#include "cli/deploy/template.h"

namespace millrace::cli::deploy {

// Indexes of `resources`: what a resource refers to or depends on comes before it, else as in the
// file. InvalidConfiguration for a DependsOn of nothing, and for a cycle, which it names:
// "A → B → A".
[[nodiscard]] Result<std::vector<size_t>> order_of(const std::vector<TemplateResource>& resources);

}  // namespace millrace::cli::deploy
