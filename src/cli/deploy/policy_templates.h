// Policy templates (AWS SAM Developer Guide, "SAM policy templates"): those about tables, streams
// and functions.
#pragma once

#include "cli/resources/node.h"

namespace millrace::cli::deploy {

// The policy document of {NAME: {PARAMETER: value}}, with functions for the values.
// InvalidConfiguration, naming place and path, for a name or a parameter that is not known, and for
// one that is missing.
[[nodiscard]] Result<resources::Node> policy_of_template(const resources::NodeMember& item,
                                                         const std::string& path);

}  // namespace millrace::cli::deploy
