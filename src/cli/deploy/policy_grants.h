// What a template's policies give to its users, groups and roles, who are declared apart from them.
#pragma once

#include <vector>

#include "cli/deploy/intrinsics.h"
#include "cli/deploy/template.h"
#include "cli/resources/resource.h"

namespace millrace::cli::deploy {

// Of the resources that `scope` does not leave out. What is wrong in a resource gives nothing; it
// is found when the resource is made.
[[nodiscard]] std::vector<resources::Grant> policy_grants(
    const std::vector<TemplateResource>& resources, const Scope& scope,
    const resources::Setting& setting);

}  // namespace millrace::cli::deploy
