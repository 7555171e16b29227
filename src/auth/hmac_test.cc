#include "auth/hmac.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace millrace::auth {
namespace {

Sha256Digest of_openssl(std::string_view key, std::string_view message) {
  Sha256Digest digest;
  unsigned written = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
       &written);
  EXPECT_EQ(written, digest.size());
  return digest;
}

TEST(Hmac, IsThatOfOpenSsl) {
  for (size_t key_size = 0; key_size < 140; ++key_size) {
    const std::string key(key_size, static_cast<char>('a' + key_size % 26));
    const HmacKey ready(key);
    for (const size_t size : {0, 1, 55, 64, 200}) {
      const std::string message(size, 'm');
      EXPECT_EQ(ready.digest(message), of_openssl(key, message)) << key_size;
    }
  }
}

}  // namespace
}  // namespace millrace::auth
