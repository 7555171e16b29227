#include "auth/token_signature.h"

#include <openssl/crypto.h>

#include "auth/hmac.h"

namespace millrace::auth {

std::string sign_token(std::string_view message, std::string_view secret) {
  const Sha256Digest digest = HmacKey(secret).digest(message);
  return std::string(as_text(digest).substr(0, kTokenSignatureBytes));
}

bool is_signed(std::string_view message, std::string_view signature, std::string_view secret) {
  const std::string expected = sign_token(message, secret);
  return signature.size() == expected.size() &&
         CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace millrace::auth
