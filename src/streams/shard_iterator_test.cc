#include "streams/shard_iterator.h"

#include <gtest/gtest.h>

#include "streams/sequence_number.h"

namespace millrace::streams {
namespace {

const std::string kArn =
    "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-02T03:04:05.678";
const Bytes kSecret(32, 's');

TEST(ShardIterator, ReadsBack) {
  const std::string token = write_shard_iterator({kArn, 1, 2, 3, 4, 5}, kSecret);
  auto read = read_shard_iterator(token, kSecret);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->stream_arn, kArn);
  EXPECT_EQ(read->partition, 1u);
  EXPECT_EQ(read->shard_first, 2u);
  EXPECT_EQ(read->position, 3u);
  EXPECT_EQ(read->issued_milliseconds, 4);
  EXPECT_EQ(read->reader, 5u);
}

TEST(ShardIterator, AnyChangeMakesItInvalid) {
  const std::string token = write_shard_iterator({kArn, 1, 2, 3, 4}, kSecret);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_shard_iterator(forged, kSecret)) << forged;
    EXPECT_FALSE(read_shard_iterator(token.substr(0, i), kSecret));
  }
  EXPECT_FALSE(read_shard_iterator(token + "A", kSecret));
  EXPECT_FALSE(read_shard_iterator(token, Bytes(32, 't')));
}

TEST(SequenceNumber, HasTheServicesFormAndReadsBack) {
  for (engine::LogPosition position :
       {engine::LogPosition{0}, engine::LogPosition{1}, engine::LogPosition{UINT64_MAX}}) {
    const std::string text = format_sequence_number(position);
    EXPECT_EQ(text.size(), 21u);
    EXPECT_NE(text.front(), '0');
    EXPECT_EQ(parse_sequence_number(text), position);
  }
  for (const char* text :
       {"", "1", "200000000000000000000", "1000000000000000000000", "10000000000000000000x",
        "118446744073709551616", "1 0000000000000000000", "1-0000000000000000001"}) {
    EXPECT_FALSE(parse_sequence_number(text)) << text;
  }
}

}  // namespace
}  // namespace millrace::streams
