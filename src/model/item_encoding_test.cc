#include "model/item_encoding.h"

#include "model/item_size.h"
#include "model/item_testing.h"

namespace millrace {
namespace {

Number integer(int64_t value) {
  return Number::from_integer(value);
}

TEST(ItemEncoding, RoundTrips) {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const Item item = random_item(random);
    const Bytes encoded = encode_item(item);
    EXPECT_EQ(decode_item(encoded), item);
    EXPECT_EQ(encoded_item_size_bytes(encoded), item_size_bytes(item));
  }
}

TEST(ItemEncoding, IsEqualExactlyForEqualItems) {
  std::mt19937 random(2);
  Item before;
  for (int round = 0; round < 2'000; ++round) {
    const Item item = random_item(random);
    EXPECT_EQ(encode_item(item) == encode_item(before), item == before);
    EXPECT_EQ(encode_item(item), encode_item(Item(item)));
    before = item;
  }
  EXPECT_EQ(encode_item({{"n", Number::parse("1.0").value()}}), encode_item({{"n", integer(1)}}));
  EXPECT_NE(encode_item({{"n", "1"}}), encode_item({{"n", integer(1)}}));
  EXPECT_NE(encode_item({{"s", "x"}}), encode_item({{"s", Binary{"x"}}}));
}

TEST(ItemEncoding, ReadsMembersWithoutDecodingTheRest) {
  const Item item = {{"a", List{integer(1), "x"}},
                     {"b", NumberSet{{integer(-1), integer(7)}}},
                     {"c", AttributeMap{{"k", AttributeValue(true)}}}};
  const Bytes encoded = encode_item(item);
  auto reader = EncodedReader::of_item(encoded);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->remaining(), 3U);
  EXPECT_EQ(reader->next_name(), "a");
  const auto list = reader->next();
  EXPECT_EQ(list->type, AttributeType::kList);
  EXPECT_EQ(decode_value(*list), item.at("a"));
  EXPECT_EQ(reader->next_name(), "b");
  auto set = EncodedReader::of_container(*reader->next());
  EXPECT_EQ(decode_value(*set->next()), AttributeValue(integer(-1)));
  EXPECT_EQ(decode_value(*set->next()), AttributeValue(integer(7)));
  EXPECT_TRUE(set->exhausted());
  EXPECT_EQ(reader->next_name(), "c");
  auto map = EncodedReader::of_container(*reader->next());
  EXPECT_EQ(map->next_name(), "k");
  EXPECT_EQ(decode_value(*map->next()), AttributeValue(true));
  EXPECT_TRUE(reader->exhausted());
}

TEST(ItemEncoding, RefusesMalformedBytes) {
  const Bytes encoded = encode_item({{"a", "x"}, {"b", AttributeValue(true)}});
  EXPECT_TRUE(decode_item(encoded));
  EXPECT_FALSE(decode_item(""));
  EXPECT_FALSE(decode_item(encoded + "x"));
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(decode_item(encoded.substr(0, length))) << length;
  }
  Bytes other_version = encoded;
  other_version[0] = 2;
  EXPECT_FALSE(decode_item(other_version));
  Bytes third_truth = encoded;
  third_truth.back() = 2;
  EXPECT_FALSE(decode_item(third_truth));
  Bytes out_of_order = encoded;
  out_of_order[out_of_order.find('b')] = 'a';
  EXPECT_FALSE(decode_item(out_of_order));
}

// Lists in lists far deeper than any item may be: refused, before the stack ends.
TEST(ItemEncoding, RefusesEndlessNesting) {
  Bytes list;
  for (int level = 0; level < 10'000; ++level) {
    Bytes around(1, static_cast<char>(AttributeType::kList));
    append_u32(around, static_cast<uint32_t>(list.size() + 1));
    append_varint(around, level == 0 ? 0 : 1);
    list = around + list;
  }
  Bytes item = encode_item({}).substr(0, 5);
  append_varint(item, 1);
  append_sized(item, "a");
  EXPECT_FALSE(decode_item(item + list));
}

TEST(ItemEncoding, MutatedBytesNeverCrash) {
  std::mt19937 random(3);
  for (int round = 0; round < 15'000; ++round) {
    Bytes bytes = encode_item(random_item(random));
    for (size_t change = random() % 4 + 1; change > 0 && !bytes.empty(); --change) {
      const size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes.resize(at);
          break;
        case 1:
          bytes.erase(at, 1);
          break;
        case 2:
          bytes.insert(at, 1, static_cast<char>(random()));
          break;
        default:
          bytes[at] = static_cast<char>(random());
      }
    }
    (void)encoded_item_size_bytes(bytes);
    const auto decoded = decode_item(bytes);
    if (decoded) {
      EXPECT_EQ(decode_item(encode_item(*decoded)), *decoded);
    }
  }
}

}  // namespace
}  // namespace millrace
