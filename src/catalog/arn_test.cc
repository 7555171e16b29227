#include "catalog/arn.h"

#include <gtest/gtest.h>

namespace millrace::catalog {
namespace {

const Site kSite{"123456789012", "eu-west-1"};

TEST(Arn, StreamArnReadsBack) {
  const std::string arn = stream_arn(kSite, "orders", "2026-01-02T03:04:05.678");
  EXPECT_EQ(arn,
            "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-02T03:04:05.678");
  auto parsed = parse_stream_arn(arn);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->table_name, "orders");
  EXPECT_EQ(parsed->stream_label, "2026-01-02T03:04:05.678");
  EXPECT_EQ(parsed->account_id, "123456789012");
  EXPECT_EQ(parsed->region, "eu-west-1");
}

TEST(Arn, TableArnReadsBack) {
  auto parsed = parse_table_arn(table_arn(kSite, "orders"));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->table_name, "orders");
}

TEST(Arn, RefusesOtherForms) {
  for (const char* arn :
       {"", "arn", "arn:aws:dynamodb:eu-west-1:1:table", "arn:aws:dynamodb:eu-west-1:1:table/",
        "arn:aws:s3:eu-west-1:1:table/a", "arn:aws:dynamodb::1:table/a", "a:b:c:d:e:f/g",
        "arn:aws:dynamodb:eu-west-1:1:index/a", "arn:aws:dynamodb:eu-west-1:1:table/a/b"}) {
    EXPECT_FALSE(parse_table_arn(arn)) << arn;
  }
  for (const char* arn :
       {"arn:aws:dynamodb:eu-west-1:1:table/a", "arn:aws:dynamodb:eu-west-1:1:table/a/stream/",
        "arn:aws:dynamodb:eu-west-1:1:table/a/index/b",
        "arn:aws:dynamodb:eu-west-1:1:table//stream/b",
        "arn:aws:dynamodb:eu-west-1:1:table/a/stream/b/c"}) {
    EXPECT_FALSE(parse_stream_arn(arn)) << arn;
  }
}

}  // namespace
}  // namespace millrace::catalog
