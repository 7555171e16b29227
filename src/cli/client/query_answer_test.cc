#include "cli/client/query_answer.h"

#include <gtest/gtest.h>

namespace millrace::cli {
namespace {

std::string json_of(const std::string& result) {
  const auto json = query_answer_json("Get", "<GetResponse>" + result + "</GetResponse>");
  return json.ok() ? *json : json.error().message;
}

TEST(QueryAnswerTest, BecomesJson) {
  EXPECT_EQ(json_of("<GetResult><Tags><member><Key>k</Key><Value>  </Value></member></Tags>"
                    "<Names><member>a</member><member>b</member></Names><None/>"
                    "<IsTruncated>false</IsTruncated></GetResult>"),
            R"({"Tags":[{"Key":"k","Value":"  "}],"Names":["a","b"],"None":"",)"
            R"("IsTruncated":"false"})");
  EXPECT_EQ(json_of("<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"), "{}");
  EXPECT_EQ(json_of("<GetResult/>"), "{}");
  EXPECT_EQ(json_of("<GetResult><A>&lt;\"&#xE9;</A></GetResult>"), R"({"A":"<\"é"})");
}

TEST(QueryAnswerTest, WhatIsNoneIsAnError) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep.insert(0, "<a>").append("</a>");
  for (const std::string& result :
       {std::string("<GetResult><A></GetResult>"), "<GetResult>" + deep + "</GetResult>",
        std::string("<GetResult><member>a</member></GetResult>")}) {
    EXPECT_EQ(json_of(result), "Get: the answer cannot be read");
  }
  EXPECT_FALSE(query_answer_json("Get", "<PutResponse/>").ok());
  EXPECT_FALSE(query_answer_json("Get", "").ok());
}

TEST(QueryAnswerTest, ErrorsHaveACode) {
  const auto error = parse_query_error(
      "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no &amp; no</Message></Error>"
      "</ErrorResponse>");
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, "NoSuchEntity");
  EXPECT_EQ(error->message, "no & no");
  EXPECT_FALSE(parse_query_error("<html/>"));
  EXPECT_FALSE(parse_query_error("{}"));
}

}  // namespace
}  // namespace millrace::cli
