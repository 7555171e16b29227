// YAML, and so JSON, as a tree that knows its lines.
#pragma once

#include <string>
#include <string_view>

#include "cli/resources/node.h"

namespace millrace::cli::deploy {

// One document; `file` is what places begin with. Every scalar is a text or null. The short forms
// of CloudFormation's functions (!Ref, !Sub …) become the long ones ({Ref: …}, {Fn::Sub: …}).
// InvalidConfiguration "FILE:LINE: …" for what is not YAML, a name that is there twice, and a
// document that is too large or too deep, once its aliases are followed.
[[nodiscard]] Result<resources::Node> parse_yaml(std::string_view text, const std::string& file);

}  // namespace millrace::cli::deploy
