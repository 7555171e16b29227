#include <fmt/format.h>
#include <gtest/gtest.h>

#include "audit/requests_testing.h"

namespace millrace::audit {
namespace {

using Names = std::vector<std::string>;

std::string table(std::string_view name) {
  return fmt::format("AWS::DynamoDB::Table arn:aws:dynamodb:us-west-2:111122223333:table/{}", name);
}

class RequestResources : public testing::Test {
 protected:
  DescribedRequests requests_;
};

TEST_F(RequestResources, TablesByNameOrArn) {
  EXPECT_EQ(requests_.resources("PutItem", R"({"TableName":"Music"})"), Names{table("Music")});
  EXPECT_EQ(requests_.resources("CreateTable", R"({"TableName":"new"})"), Names{table("new")});
  EXPECT_EQ(requests_.resources("Query", R"({"TableName":"arn:aws:dynamodb:r:1:table/t"})"),
            Names{"AWS::DynamoDB::Table arn:aws:dynamodb:r:1:table/t"});
  EXPECT_EQ(requests_.resources("TagResource", R"({"ResourceArn":"arn:aws:dynamodb:r:1:table/t"})"),
            Names{"AWS::DynamoDB::Table arn:aws:dynamodb:r:1:table/t"});
}

TEST_F(RequestResources, StreamsByTheirArn) {
  EXPECT_EQ(requests_.resources("PutResourcePolicy",
                                R"({"ResourceArn":"arn:aws:dynamodb:r:1:table/t/stream/l"})"),
            (Names{"AWS::DynamoDB::Stream arn:aws:dynamodb:r:1:table/t/stream/l",
                   "AWS::DynamoDB::Table arn:aws:dynamodb:r:1:table/t"}));
}

TEST_F(RequestResources, EachTableOnce) {
  EXPECT_EQ(requests_.resources("BatchWriteItem", R"({"RequestItems":{"a":[],"b":[],"a":[]}})"),
            (Names{table("a"), table("b")}));
  EXPECT_EQ(requests_.resources("TransactWriteItems", R"({"TransactItems":[
      {"Put":{"TableName":"a"}},{"Update":{"TableName":"b"}},{"Delete":{"TableName":"a"}}]})"),
            (Names{table("a"), table("b")}));
  EXPECT_EQ(requests_.resources("BatchExecuteStatement", R"({"Statements":[
      {"Statement":"SELECT * FROM \"a\".\"index\""},{"Statement":"what FROM b 'is"},
      {"Statement":"nothing"}]})"),
            (Names{table("a"), table("b")}));
  EXPECT_EQ(requests_.resources("ExecuteStatement", R"({"Statement":"UPDATE a SET b = 1"})"),
            Names{table("a")});
}

TEST_F(RequestResources, StreamReadsAreOfTheStreamAndItsTable) {
  const std::string arn = "arn:aws:dynamodb:us-west-2:1:table/Music/stream/2021-04-15T04:02:47.428";
  const Names stream = {"AWS::DynamoDB::Stream " + arn,
                        "AWS::DynamoDB::Table arn:aws:dynamodb:us-west-2:1:table/Music"};
  EXPECT_EQ(requests_.resources("GetRecords", R"({"ShardIterator":")" + arn + R"(|1|AAAA"})",
                                "dynamodbstreams"),
            stream);
  EXPECT_EQ(requests_.resources("GetShardIterator", R"({"StreamArn":")" + arn + R"("})",
                                "dynamodbstreams"),
            stream);
  EXPECT_EQ(requests_.resources("GetRecords", R"({"ShardIterator":"rubbish"})", "dynamodbstreams"),
            Names{});
}

TEST_F(RequestResources, OfOtherServices) {
  const Names function = {"AWS::Lambda::Function arn:aws:lambda:us-west-2:111122223333:function:f"};
  for (const char* name : {"f", "f:2", "111122223333:function:f",
                           "arn:aws:lambda:us-west-2:111122223333:function:f:live"}) {
    EXPECT_EQ(
        requests_.resources("Invoke", fmt::format(R"({{"FunctionName":"{}"}})", name), "lambda"),
        function)
        << name;
  }
  EXPECT_EQ(requests_.resources("DeleteTrail", R"({"Name":"t"})", "cloudtrail"),
            Names{"AWS::CloudTrail::Trail arn:aws:cloudtrail:us-west-2:111122223333:trail/t"});
  EXPECT_EQ(requests_.resources("FindItemEvents", R"({"TableName":"Music"})", "millrace"),
            Names{table("Music")});
  EXPECT_EQ(requests_.resources("DeleteLogGroup", R"({"logGroupName":"/g"})", "logs"),
            Names{"AWS::Logs::LogGroup arn:aws:logs:us-west-2:111122223333:log-group:/g"});
}

TEST_F(RequestResources, OddNamesNameNothing) {
  EXPECT_EQ(requests_.resources("PutItem", R"({"TableName":""})"), Names{});
  EXPECT_EQ(requests_.resources("PutItem", R"({"TableName":"a b"})"), Names{});
  EXPECT_EQ(requests_.resources("PutItem", R"({"TableName":"arn:aws:s3:::b"})"), Names{});
  EXPECT_EQ(requests_.resources("PutItem", fmt::format(R"({{"TableName":"{:a>2000}"}})", "")),
            Names{});
  EXPECT_EQ(requests_.resources("PutItem", "[]"), Names{});
  std::string tables;
  for (int i = 0; i < 200; ++i) tables += fmt::format(R"({}"t{}":[])", i == 0 ? "" : ",", i);
  EXPECT_EQ(requests_.resources("BatchWriteItem", R"({"RequestItems":{)" + tables + "}}").size(),
            100U);
}

}  // namespace
}  // namespace millrace::audit
