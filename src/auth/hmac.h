#pragma once

#include <string_view>

#include "auth/digest.h"

namespace millrace::auth {

// HMAC-SHA256 of one short message, faster than an HmacSha256 that is made for it.
[[nodiscard]] Sha256Digest hmac_sha256(std::string_view key, std::string_view message);

}  // namespace millrace::auth
