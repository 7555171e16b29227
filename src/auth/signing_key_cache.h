// Signing keys that were derived before.
#pragma once

#include <string_view>

#include "auth/hmac.h"

namespace millrace::auth {

struct SigningKeyOf {
  std::string_view secret_access_key;
  std::string_view date;  // YYYYMMDD
  std::string_view region;
  std::string_view service;
};

// What derive_signing_key() gives, ready to sign with. From a cache of the calling thread's own,
// bounded, which several threads need not share because a key is derived once in a day. Good until
// the thread's next call.
[[nodiscard]] const HmacKey& cached_signing_key(const SigningKeyOf& key);

}  // namespace millrace::auth
