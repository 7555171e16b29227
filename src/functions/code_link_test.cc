#include "functions/code_link.h"

namespace millrace::functions {
namespace {

constexpr int64_t kNow = 1'800'000'000;

TEST(CodeLink, HoldsForAWhile) {
  const std::string link = code_link("secret", "f-abc", kNow);
  EXPECT_EQ(read_code_link("secret", link, kNow), "f-abc");
  EXPECT_EQ(read_code_link("secret", link, kNow + kCodeLinkSeconds), "f-abc");
  EXPECT_EQ(read_code_link("secret", link, kNow + kCodeLinkSeconds + 1), std::nullopt);
}

TEST(CodeLink, CannotBeMade) {
  const std::string link = code_link("secret", "f-abc", kNow);
  EXPECT_EQ(read_code_link("other", link, kNow), std::nullopt);
  std::string other = link;
  other[0] = 'g';
  EXPECT_EQ(read_code_link("secret", other, kNow), std::nullopt);
  std::string later = link;
  later[later.find("Expires=") + 8] = '9';
  EXPECT_EQ(read_code_link("secret", later, kNow), std::nullopt);
  for (const char* text : {"", "f-abc", "f-abc?Expires=", "f-abc?Expires=1", "?Expires=x"}) {
    EXPECT_EQ(read_code_link("secret", text, 0), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace millrace::functions
