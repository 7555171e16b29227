#pragma once

#include <cstdint>
#include <string>

#include "auth/credential.h"
#include "base/result.h"

namespace millrace::auth {

// The time of the signature in ISO 8601's basic format, "20260101T235959Z", when it is one that a
// signature of `now` may have: at most 15 minutes from now, or before that what a presigned request
// allows itself, at most a week. IncompleteSignatureException for what is no time,
// InvalidSignatureException for another time.
[[nodiscard]] Result<std::string> current_timestamp(const Credential& credential,
                                                    int64_t now_seconds);

}  // namespace millrace::auth
