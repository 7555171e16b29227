#pragma once

#include <string_view>

#include <openssl/sha.h>

#include "auth/digest.h"

namespace millrace::auth {

// HMAC-SHA256 with a key whose part in every digest is computed once. Several threads may
// use it at once.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);

  [[nodiscard]] Sha256Digest digest(std::string_view message) const;

 private:
  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

}  // namespace millrace::auth
