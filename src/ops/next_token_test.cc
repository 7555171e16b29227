#include "ops/next_token.h"

namespace millrace::ops {
namespace {

const Item kKey = {{"pk", AttributeValue("p")}, {"sk", AttributeValue(Number::from_integer(7))}};

TEST(NextToken, GivesTheKeyBackForTheSameRequest) {
  const std::string token = write_next_token("request", kKey, "secret");
  const auto read = read_next_token(token, "request", "secret");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, kKey);
}

TEST(NextToken, IsRefusedForAnythingElse) {
  const std::string token = write_next_token("request", kKey, "secret");
  EXPECT_FALSE(read_next_token(token, "another", "secret").ok());
  EXPECT_FALSE(read_next_token(token, "request", "other secret").ok());
  for (size_t at = 0; at + 4 < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_next_token(changed, "request", "secret").ok()) << at;
  }
  const auto refused = read_next_token("x", "request", "secret");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), validation_error("NextToken does not match request"));
}

}  // namespace
}  // namespace millrace::ops
