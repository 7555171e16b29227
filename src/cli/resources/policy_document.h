// Policy documents, in the one form in which they compare.
#pragma once

#include "cli/resources/node.h"
#include "policy/canonical_document.h"

namespace millrace::cli::resources {

// Of a template: the canonical document; as it is while something in it is not known yet.
// InvalidConfiguration, naming place and path, for what the server would refuse.
[[nodiscard]] Result<Node> declared_document(const Node& document, policy::DocumentKind kind,
                                             const std::string& path);
// Of a server, as text; null when there is none.
[[nodiscard]] Node current_document(const std::string& json, policy::DocumentKind kind);

}  // namespace millrace::cli::resources
