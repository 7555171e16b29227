// What IAM checks of a document whose grammar is right.
#pragma once

#include "policy/document.h"

namespace millrace::policy {

// MalformedPolicyDocument in the services' words.
[[nodiscard]] Status check_version(const DocumentText& document, DocumentKind kind);
[[nodiscard]] Status check_document(const DocumentText& document, DocumentKind kind);

[[nodiscard]] Status check_principals(const DocumentText& document, DocumentKind kind);

}  // namespace millrace::policy
