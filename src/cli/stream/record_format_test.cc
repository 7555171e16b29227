#include "cli/stream/record_format.h"

#include <gtest/gtest.h>

namespace millrace::cli::stream {
namespace {

constexpr std::string_view kModify =
    R"({"eventID":"e1","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",)"
    R"("awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795255200,)"
    R"("Keys":{"id":{"S":"a"},"at":{"N":"1"}},)"
    R"("NewImage":{"id":{"S":"a"},"at":{"N":"1"},"n":{"N":"2"},"new":{"BOOL":true},)"
    R"("map":{"M":{"same":{"S":"x"},"in":{"L":[{"NULL":true}]}}}},)"
    R"("OldImage":{"id":{"S":"a"},"at":{"N":"1"},"n":{"N":"1.0"},"old":{"B":"AAE="},)"
    R"("map":{"M":{"same":{"S":"x"},"in":{"SS":["p","q"]}}}},)"
    R"("SequenceNumber":"100000000000000000007","SizeBytes":99,)"
    R"("StreamViewType":"NEW_AND_OLD_IMAGES"}})";

constexpr std::string_view kExpired =
    R"({"eventID":"e2","eventName":"REMOVE","dynamodb":{"ApproximateCreationDateTime":0,)"
    R"("Keys":{"id":{"S":"a b"}},"OldImage":{"id":{"S":"a b"},"odd name":{"S":"\u001b[2J\u007f\u009b"}},)"
    R"("SequenceNumber":"100000000000000000008"},)"
    R"("userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}})";

std::string shown(std::string_view json, RecordFormat format, bool is_coloured = false) {
  const auto document = json::Document::parse(json);
  std::string out;
  const Status status = append_record(out, document->root().get_object().value_unsafe(),
                                      {"arn:stream", "shardId-1"}, format, is_coloured);
  EXPECT_TRUE(status.ok());
  return out;
}

TEST(RecordFormatTest, JsonIsTheRecord) {
  EXPECT_EQ(shown(kModify, RecordFormat::kJson), std::string(kModify) + "\n");
}

TEST(RecordFormatTest, LambdaAddsTheStreamAndSpellsTheIdentity) {
  EXPECT_EQ(
      shown(kModify, RecordFormat::kLambda),
      std::string(kModify.substr(0, kModify.size() - 1)) + ",\"eventSourceARN\":\"arn:stream\"}\n");
  const std::string expired = shown(kExpired, RecordFormat::kLambda);
  EXPECT_TRUE(expired.ends_with(
      R"(,"userIdentity":{"principalId":"dynamodb.amazonaws.com","type":"Service"},)"
      R"("eventSourceARN":"arn:stream"})"
      "\n"))
      << expired;
  EXPECT_EQ(expired.find("PrincipalId"), std::string::npos);
}

TEST(RecordFormatTest, PrettyIsADiff) {
  EXPECT_EQ(shown(kModify, RecordFormat::kPretty),
            "2026-11-21T10:00:00Z MODIFY at=1 id=\"a\" shardId-1 100000000000000000007\n"
            "  ~ map.in: <<\"p\", \"q\">> → [null]\n"
            "  ~ n: 1 → 2\n"
            "  + new: true\n"
            "  - old: binary(\"AAE=\")\n");
}

TEST(RecordFormatTest, PrettyLetsNothingThroughThatATerminalObeys) {
  EXPECT_EQ(shown(kExpired, RecordFormat::kPretty),
            "1970-01-01T00:00:00Z REMOVE id=\"a b\" by dynamodb.amazonaws.com shardId-1 "
            "100000000000000000008\n"
            "  - \"odd name\": \"\\u001b[2J\\u007f\\u009b\"\n");
}

TEST(RecordFormatTest, ColoursAreForTheMarkedLines) {
  const std::string text = shown(kModify, RecordFormat::kPretty, true);
  EXPECT_NE(text.find("  \x1b[32m+ new: true\x1b[0m\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  \x1b[33m~ n: 1 → 2\x1b[0m\n"), std::string::npos);
  EXPECT_NE(text.find("  \x1b[31m- old:"), std::string::npos);
}

}  // namespace
}  // namespace millrace::cli::stream
