// The values of a template's parameters.
#pragma once

#include <map>
#include <string>

#include "cli/resources/node.h"

namespace millrace::cli::deploy {

// By name: a text, or a list of texts.
using ParameterValues = std::map<std::string, resources::Node, std::less<>>;

// Of the section Parameters, `given` before its defaults. InvalidConfiguration for a value that its
// declaration does not allow, for one that is missing, and for one of no parameter.
[[nodiscard]] Result<ParameterValues> parameter_values(
    const resources::Node& section, const std::map<std::string, std::string>& given);

}  // namespace millrace::cli::deploy
