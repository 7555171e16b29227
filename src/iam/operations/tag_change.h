#pragma once

#include "base/result.h"
#include "iam/account.h"
#include "json/document.h"

namespace millrace::iam {

// `tags` with those of the request's Tags. Keys differ in more than case (IAM User Guide, "Tagging
// IAM resources"). InvalidInput for a key that is named twice or reserved, LimitExceeded beyond 50.
[[nodiscard]] Result<Tags> with_tags(Tags tags, json::Object input);
// Without those that TagKeys names.
[[nodiscard]] Tags without_tags(Tags tags, json::Object input);

}  // namespace millrace::iam
