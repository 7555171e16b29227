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
  const auto hash_of = [](const AttributeValue& key) {
    const Bytes encoded = encode_partition_key(key);
    return *ByteReader(encoded).read_u64();
  };
  EXPECT_EQ(hash_of("a"), 0x21C8324543049A44U);  // XXH3 of "\x01" "a", as it is stored
  EXPECT_NE(hash_of("a"), hash_of("b"));
  EXPECT_EQ(hash_of(Number::parse("1.0").value()), hash_of(Number::from_integer(1)));
  // No partition key's encoding begins another's, so the items of one lie together.
  EXPECT_FALSE(encode_partition_key("ab").starts_with(encode_partition_key("a")));
}

Bytes delimited_sort_key(const AttributeValue& value) {
  Bytes out;
  append_delimited_sort_key(out, value);
  return out;
}

TEST(KeyCodec, DelimitedSortKeysOrderAsValuesDoWhateverFollows) {
  const std::vector<std::string> texts = {"",
                                          std::string(1, '\0'),
                                          std::string("\0a", 2),
                                          "\x01",
                                          "a",
                                          std::string("a\0", 2),
                                          std::string("a\0\xff", 3),
                                          "ab",
                                          "b",
                                          "\xff"};
  for (size_t i = 0; i < texts.size(); ++i) {
    for (size_t j = 0; j < texts.size(); ++j) {
      const Bytes left = delimited_sort_key(texts[i]);
      const Bytes right = delimited_sort_key(texts[j]);
      EXPECT_EQ(left + "\xff" < right + Bytes(1, '\0'), i < j) << i << " " << j;
      Bytes prefix;
      append_delimited_sort_key_prefix(prefix, texts[i]);
      EXPECT_EQ(right.starts_with(prefix), texts[j].starts_with(texts[i])) << i << " " << j;
    }
  }
}

TEST(KeyCodec, ManyPartitionKeysAreOneWhenTheyAreOne) {
  EXPECT_EQ(encode_partition_key(std::vector<AttributeValue>{"a"}), encode_partition_key("a"));
  EXPECT_NE(encode_partition_key(std::vector<AttributeValue>{"a", "bc"}),
            encode_partition_key(std::vector<AttributeValue>{"ab", "c"}));
}

TEST(KeyCodec, FindsWhereThePartitionKeyEnds) {
  const AttributeValue number = Number::from_integer(-12);
  EXPECT_EQ(partition_key_bytes(encode_partition_key(number) + "rest", AttributeType::kNumber),
            encode_partition_key(number).size());
  EXPECT_EQ(partition_key_bytes(encode_partition_key("key") + "rest", AttributeType::kString),
            encode_partition_key("key").size());
}

}  // namespace
}  // namespace millrace
