#include <gtest/gtest.h>

#include "audit/request_description.h"

namespace millrace::audit {
namespace {

// "dynamodb.amazonaws.com PutItem 2012-08-10 data write"; empty: not recorded.
std::string kind(std::string_view model, std::string_view operation) {
  const RequestKind* found = find_request_kind(model, operation);
  if (found == nullptr) return "";
  std::string shown(found->event_source);
  ((shown += ' ') += found->event_name) += ' ';
  shown += found->api_version;
  shown += found->category == Category::kData ? " data" : " management";
  return shown + (found->read_only ? " read" : " write");
}

TEST(RequestKinds, ItemsAreDataEvents) {
  for (const char* name : {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}) {
    EXPECT_EQ(kind("dynamodb", name),
              std::string("dynamodb.amazonaws.com ") + name + " 2012-08-10 data read");
  }
  for (const char* name :
       {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems",
        "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}) {
    EXPECT_EQ(kind("dynamodb", name),
              std::string("dynamodb.amazonaws.com ") + name + " 2012-08-10 data write");
  }
  EXPECT_EQ(kind("dynamodbstreams", "GetRecords"),
            "dynamodb.amazonaws.com GetRecords 2012-08-10 data read");
  EXPECT_EQ(kind("dynamodbstreams", "GetShardIterator"),
            "dynamodb.amazonaws.com GetShardIterator 2012-08-10 data read");
  EXPECT_EQ(kind("lambda", "Invoke"), "lambda.amazonaws.com Invoke 2015-03-31 data write");
}

TEST(RequestKinds, OthersAreManagementEvents) {
  EXPECT_EQ(kind("dynamodb", "CreateTable"),
            "dynamodb.amazonaws.com CreateTable 2012-08-10 management write");
  EXPECT_EQ(kind("dynamodb", "DescribeTable"),
            "dynamodb.amazonaws.com DescribeTable 2012-08-10 management read");
  EXPECT_EQ(kind("dynamodbstreams", "DescribeStream"),
            "dynamodb.amazonaws.com DescribeStream 2012-08-10 management read");
  EXPECT_EQ(kind("millrace", "SplitTable"),
            "dynamodb.amazonaws.com SplitTable 2012-08-10 management write");
  EXPECT_EQ(kind("millrace", "RotateTrailKey"),
            "cloudtrail.amazonaws.com RotateTrailKey 2013-11-01 management write");
  EXPECT_EQ(kind("cloudtrail", "StopLogging"),
            "cloudtrail.amazonaws.com StopLogging 2013-11-01 management write");
  EXPECT_EQ(kind("cloudtrail", "LookupEvents"),
            "cloudtrail.amazonaws.com LookupEvents 2013-11-01 management read");
  EXPECT_EQ(kind("logs", "DeleteLogGroup"),
            "logs.amazonaws.com DeleteLogGroup 20140328 management write");
  EXPECT_EQ(kind("lambda", "UpdateFunctionCode"),
            "lambda.amazonaws.com UpdateFunctionCode20150331v2 2015-03-31 management write");
}

TEST(RequestKinds, AccessControlIsRecorded) {
  EXPECT_EQ(kind("iam", "CreateUser"), "iam.amazonaws.com CreateUser 2010-05-08 management write");
  EXPECT_EQ(kind("iam", "TagRole"), "iam.amazonaws.com TagRole 2010-05-08 management write");
  EXPECT_EQ(kind("iam", "ListRoles"), "iam.amazonaws.com ListRoles 2010-05-08 management read");
  EXPECT_EQ(kind("iam", "SimulateCustomPolicy"),
            "iam.amazonaws.com SimulateCustomPolicy 2010-05-08 management read");
  EXPECT_EQ(kind("sts", "AssumeRole"), "sts.amazonaws.com AssumeRole 2011-06-15 management read");
  EXPECT_EQ(kind("sts", "CreateUser"), "");
}

TEST(RequestKinds, SecretsOfCredentialsAreLeftOut) {
  EXPECT_EQ(response_elements(
                *find_request_kind("iam", "CreateAccessKey"),
                R"({"AccessKey":{"UserName":"u","AccessKeyId":"A","SecretAccessKey":"s"}})"),
            R"({"accessKey":{"userName":"u","accessKeyId":"A"}})");
  for (const char* name : {"AssumeRole", "GetSessionToken", "GetFederationToken"}) {
    EXPECT_EQ(response_elements(
                  *find_request_kind("sts", name),
                  R"({"Credentials":{"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t",)"
                  R"("Expiration":"2026-01-02T03:04:05Z"}})"),
              R"({"credentials":{"accessKeyId":"A","sessionToken":"t",)"
              R"("expiration":"Jan 2, 2026 3:04:05 AM"}})");
  }
  EXPECT_EQ(response_elements(*find_request_kind("sts", "GetCallerIdentity"), R"({"Arn":"a"})"),
            "");
}

TEST(RequestKinds, ReadsOfLogsAndStatisticsAreNotRecorded) {
  for (const char* name : {"PutLogEvents", "GetLogEvents", "FilterLogEvents"}) {
    EXPECT_EQ(kind("logs", name), "");
  }
  EXPECT_EQ(kind("millrace", "DescribeStreamStatistics"), "");
  EXPECT_EQ(kind("dynamodb", "GetRecords"), "");
  EXPECT_EQ(kind("dynamodb", ""), "");
  EXPECT_EQ(kind("", "PutItem"), "");
}

}  // namespace
}  // namespace millrace::audit
