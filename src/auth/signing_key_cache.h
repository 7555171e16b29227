// Signing keys that were derived before.
#pragma once

#include <string_view>

#include "auth/digest.h"

namespace millrace::auth {

struct SigningKeyOf {
  std::string_view secret_access_key;
  std::string_view date;  // YYYYMMDD
  std::string_view region;
  std::string_view service;
};

// derive_signing_key() by a cache of the calling thread's own, bounded, which several threads need
// not share because a key is derived once in a day.
[[nodiscard]] const Sha256Digest& cached_signing_key(const SigningKeyOf& key);

}  // namespace millrace::auth
