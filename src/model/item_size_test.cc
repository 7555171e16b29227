#include "model/item_size.h"

namespace millrace {
namespace {

Number integer(int64_t value) {
  return Number::from_integer(value);
}

TEST(ItemSize, OfEachType) {
  EXPECT_EQ(size_bytes(""), 0U);
  EXPECT_EQ(size_bytes("\xc3\xa9x"), 3U);
  EXPECT_EQ(size_bytes(integer(-123)), 4U);
  EXPECT_EQ(size_bytes(Binary{"abc"}), 3U);
  EXPECT_EQ(size_bytes(AttributeValue(false)), 1U);
  EXPECT_EQ(size_bytes(Null{}), 1U);
  EXPECT_EQ(size_bytes(StringSet{{"a", "bc"}}), 3U);
  EXPECT_EQ(size_bytes(NumberSet{{integer(1), integer(123)}}), 5U);
  EXPECT_EQ(size_bytes(BinarySet{{"a", "bc"}}), 3U);
  EXPECT_EQ(size_bytes(List{}), 3U);
  EXPECT_EQ(size_bytes(AttributeMap{}), 3U);
  EXPECT_EQ(size_bytes(List{"a", List{"bc"}}), 3U + 1 + 1 + 1 + (3 + 1 + 2));
  EXPECT_EQ(size_bytes(AttributeMap{{"key", "ab"}, {"k", Null{}}}), 3U + (1 + 3 + 2) + (1 + 1 + 1));
}

TEST(ItemSize, CountsNamesAndValues) {
  EXPECT_EQ(item_size_bytes({}), 0U);
  EXPECT_EQ(item_size_bytes({{"id", "abc"}, {"n", integer(12345)}}), 2U + 3 + 1 + 4);
}

}  // namespace
}  // namespace millrace
