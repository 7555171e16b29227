#include "auth/hmac.h"

#include <gtest/gtest.h>

namespace millrace::auth {
namespace {

TEST(Hmac, IsThatOfOpenSsl) {
  for (size_t key_size = 0; key_size < 140; ++key_size) {
    const std::string key(key_size, static_cast<char>('a' + key_size % 26));
    const HmacKey ready(key);
    for (const size_t size : {0, 1, 55, 64, 200}) {
      const std::string message(size, 'm');
      EXPECT_EQ(ready.digest(message), HmacSha256(key).digest(message)) << key_size;
    }
  }
}

}  // namespace
}  // namespace millrace::auth
