#include "json/base64.h"

#include <gmock/gmock.h>

namespace millrace::json {
namespace {

TEST(Base64, EncodesAndDecodes) {
  const std::vector<std::pair<Bytes, std::string>> cases = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"},
                                                            {"\xfb\xff\xfe", "+//+"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes) << text;
    EXPECT_TRUE(is_base64(text)) << text;
  }
}

TEST(Base64, KeepsEveryByte) {
  Bytes bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
}

TEST(Base64, IsStrict) {
  for (const std::string_view text : {"23456", "Zg", "Zg=", "Z===", "====", "=+/=", "+/+=", "Zh==",
                                      "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm 9v", "Zm-_", "Zm9\xc3"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
    EXPECT_FALSE(is_base64(text)) << text;
  }
}

}  // namespace
}  // namespace millrace::json
