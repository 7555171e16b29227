#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "auth/credential.h"
#include "base/result.h"

namespace millrace::auth {

// "20260101T235959Z"
using Timestamp = std::array<char, 16>;
[[nodiscard]] inline std::string_view as_text(const Timestamp& timestamp) {
  return {timestamp.data(), timestamp.size()};
}

// The time of the signature in ISO 8601's basic format when it is one that a
// signature of `now` may have: at most 15 minutes from now, or before that what a presigned request
// allows itself, at most a week. IncompleteSignatureException for what is no time,
// InvalidSignatureException for another time.
[[nodiscard]] Result<Timestamp> current_timestamp(const Credential& credential,
                                                  int64_t now_seconds);

}  // namespace millrace::auth
