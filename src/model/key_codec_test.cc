#include "model/key_codec.h"

#include <algorithm>
#include <random>

namespace millrace {
namespace {

Bytes sort_key(const AttributeValue& value) {
  Bytes out;
  append_sort_key(out, value);
  return out;
}

TEST(KeyCodec, SortKeysOrderAsValuesDo) {
  std::mt19937 random(1);
  std::vector<Number> numbers;
  for (int i = 0; i < 500; ++i) {
    numbers.push_back(Number::parse(std::to_string(static_cast<int>(random())) + "E" +
                                    std::to_string(random() % 60))
                          .value());
  }
  std::sort(numbers.begin(), numbers.end());
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end(), [](const auto& a, const auto& b) {
    return sort_key(a) < sort_key(b);
  }));
  EXPECT_LT(sort_key("a"), sort_key("ab"));
  EXPECT_LT(sort_key("z"), sort_key("\xc3\xa9"));
  EXPECT_LT(sort_key(Binary{"\x7f"}), sort_key(Binary{"\xff"}));
}

TEST(KeyCodec, PartitionKeysBeginWithTheirHashAndAreDelimited) {
  const Bytes encoded = encode_partition_key("a");
  ByteReader reader(encoded);
  const uint64_t high = *reader.read_u32();
  const uint64_t low = *reader.read_u32();
  EXPECT_EQ(high << 32 | low, hash_of_partition_key("a"));
  EXPECT_NE(hash_of_partition_key("a"), hash_of_partition_key("b"));
  EXPECT_EQ(hash_of_partition_key(Number::parse("1.0").value()),
            hash_of_partition_key(Number::from_integer(1)));
  // No partition key's encoding begins another's, so the items of one lie together.
  EXPECT_FALSE(encode_partition_key("ab").starts_with(encode_partition_key("a")));
}

}  // namespace
}  // namespace millrace
