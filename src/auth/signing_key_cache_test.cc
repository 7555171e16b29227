#include "auth/signing_key_cache.h"

#include <gtest/gtest.h>

#include "auth/sigv4.h"

namespace millrace::auth {
namespace {

// More than it keeps, and each again.
TEST(SigningKeyCache, GivesWhatIsDerived) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 600; ++i) {
      const std::string secret = std::to_string(i / 4);
      const Scope scope{i % 2 == 0 ? "20260101" : "20260102",
                        i % 3 == 0 ? "eu-west-1" : "us-east-1", i % 4 < 2 ? "dynamodb" : "lambda"};
      EXPECT_EQ(
          cached_signing_key({secret, scope.date, scope.region, scope.service}).digest("text"),
          HmacKey(as_text(derive_signing_key(secret, scope))).digest("text"))
          << i;
    }
  }
}

}  // namespace
}  // namespace millrace::auth
