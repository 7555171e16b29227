// The one text of all documents that differ only in how they are written: white space, the order
// of members, a list of one, an account by its id or as its root.
#pragma once

#include <string>
#include <string_view>

#include "policy/policy.h"

namespace millrace::policy {

// Of a document that read_policy() takes, else MalformedPolicyDocument. A document without a
// version has "2008-10-17".
[[nodiscard]] Result<std::string> canonical_document(std::string_view json, DocumentKind kind);

}  // namespace millrace::policy
