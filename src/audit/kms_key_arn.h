// The forms in which a request may name a key of AWS KMS.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/arn.h"

namespace millrace::audit {

// The ARN of what is named by "alias/NAME", by a key's id or by the ARN of either. The key itself
// is not looked for. InvalidKmsKeyIdException.
[[nodiscard]] Result<std::string> kms_key_arn(const catalog::Site& site, std::string_view key);

}  // namespace millrace::audit
