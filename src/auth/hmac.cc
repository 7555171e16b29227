// The functions of EVP, which stand for those used here since OpenSSL 3, cost 600 instructions a
// digest more, and every copy of their state an allocation.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "auth/hmac.h"

#include <algorithm>

namespace millrace::auth {
namespace {

constexpr size_t kBlockBytes = SHA256_CBLOCK;

Sha256Digest finish(SHA256_CTX& state) {
  Sha256Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

// RFC 2104's: the key, filled up to a block and masked.
SHA256_CTX begin(std::string_view key, uint8_t mask) {
  std::array<uint8_t, kBlockBytes> block{};
  std::copy(key.begin(), key.end(), block.begin());
  for (uint8_t& byte : block) byte ^= mask;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.data(), block.size());
  return state;
}

}  // namespace

HmacKey::HmacKey(std::string_view key) {
  Sha256Digest shortened;
  if (key.size() > kBlockBytes) {
    shortened = sha256(key);
    key = as_text(shortened);
  }
  inner_ = begin(key, 0x36);
  outer_ = begin(key, 0x5c);
}

Sha256Digest HmacKey::digest(std::string_view message) const {
  SHA256_CTX inner = inner_;
  SHA256_Update(&inner, message.data(), message.size());
  const Sha256Digest of_inner = finish(inner);
  SHA256_CTX outer = outer_;
  SHA256_Update(&outer, of_inner.data(), of_inner.size());
  return finish(outer);
}

}  // namespace millrace::auth
