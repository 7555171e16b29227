// The functions of EVP, which stand for those used here since OpenSSL 3, cost 600 instructions a
// digest more.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "auth/digest.h"

#include <openssl/sha.h>

#include "auth/hex_text.h"

namespace millrace::auth {

Sha256Digest sha256(std::string_view data) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, data.data(), data.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

void append_hex(std::string& out, const Sha256Digest& digest) {
  out += HexText(digest).view();
}

}  // namespace millrace::auth
