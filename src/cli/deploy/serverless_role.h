// The role that SAM makes for a function which names none.
#pragma once

#include "cli/deploy/template.h"

namespace millrace::cli::deploy {

// Whether the property of AWS::Serverless::Function is one of its role.
[[nodiscard]] bool is_role_property(std::string_view name);

// `declared` has those properties. The role trusts Lambda unless they say otherwise, may log and,
// where it `reads_streams`, read streams; besides it has their policies: names and ARNs of managed
// ones, policy templates of SAM, and documents. InvalidConfiguration for a name or a policy
// template that is not known.
[[nodiscard]] Result<TemplateResource> role_of(const TemplateResource& function,
                                               const resources::Node& declared, bool reads_streams);

}  // namespace millrace::cli::deploy
