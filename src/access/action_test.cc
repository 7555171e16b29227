#include "access/action.h"

#include <array>

#include <gtest/gtest.h>

#include "access/action_row.h"
#include "access/asked_testing.h"
#include "access/table_resources.h"

namespace millrace::access {
namespace {

using Names = std::vector<std::string>;

struct Case {
  const char* model;
  const char* operation;
  const char* input;
  Names questions;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.model << ' ' << one.operation << ' ' << one.input;
}

class Questions : public testing::TestWithParam<Case> {};

TEST_P(Questions, AreThoseOfTheReference) {
  static const AskedRequests requests;
  const Case& one = GetParam();
  EXPECT_EQ(requests.questions(one.model, one.operation, one.input), one.questions);
}

#define TABLE "arn:aws:dynamodb:us-west-2:111122223333:table/"
#define TRAIL "arn:aws:cloudtrail:us-west-2:111122223333:trail/"
#define STORE "arn:aws:cloudtrail:us-west-2:111122223333:eventdatastore/"
#define FUNCTION "arn:aws:lambda:us-west-2:111122223333:function:"
#define MAPPING "arn:aws:lambda:us-west-2:111122223333:event-source-mapping:"
#define GROUP "arn:aws:logs:us-west-2:111122223333:log-group:"
#define IAM "arn:aws:iam::111122223333:"

const Case kDynamoDb[] = {
    Case{"dynamodb", "GetItem", R"({"TableName":"Music"})", {"dynamodb:GetItem " TABLE "Music"}},
    Case{"dynamodb",
         "GetItem",
         R"({"TableName":")" TABLE R"(Music"})",
         {"dynamodb:GetItem " TABLE "Music"}},
    // Whatever else finds the table, its ARN is one.
    Case{"dynamodb",
         "GetItem",
         R"({"TableName":"arn:aws-cn:dynamodb:us-west-2:111122223333:table/Music"})",
         {"dynamodb:GetItem " TABLE "Music"}},
    Case{"dynamodb",
         "GetItem",
         R"({"TableName":"arn:aws:dynamodb:eu-west-1:1:table/Music"})",
         {"dynamodb:GetItem arn:aws:dynamodb:eu-west-1:1:table/Music"}},
    Case{"dynamodb", "GetItem", R"({"TableName":"a:b"})", {"dynamodb:GetItem *"}},
    Case{"dynamodb", "GetItem", R"({})", {"dynamodb:GetItem *"}},
    Case{"dynamodb",
         "Query",
         R"({"TableName":"Music","IndexName":"ByYear"})",
         {"dynamodb:Query " TABLE "Music/index/ByYear"}},
    Case{"dynamodb",
         "Scan",
         R"({"TableName":")" TABLE R"(Music","IndexName":"ByYear"})",
         {"dynamodb:Scan " TABLE "Music/index/ByYear"}},
    Case{"dynamodb",
         "BatchGetItem",
         R"({"RequestItems":{"a":{},"b":{}}})",
         {"dynamodb:BatchGetItem " TABLE "a", "dynamodb:BatchGetItem " TABLE "b"}},
    Case{"dynamodb",
         "BatchWriteItem",
         R"({"RequestItems":{"a":[],"b":[]}})",
         {"dynamodb:BatchWriteItem " TABLE "a", "dynamodb:BatchWriteItem " TABLE "b"}},
    Case{"dynamodb",
         "TransactGetItems",
         R"({"TransactItems":[{"Get":{"TableName":"a"}},{"Get":{"TableName":"b"}}]})",
         {"dynamodb:GetItem " TABLE "a", "dynamodb:GetItem " TABLE "b"}},
    Case{"dynamodb",
         "TransactWriteItems",
         R"({"TransactItems":[{"Put":{"TableName":"a"}},{"Update":{"TableName":"b"}},
                 {"Delete":{"TableName":"c"},"ConditionCheck":{"TableName":"d"}}]})",
         {"dynamodb:PutItem " TABLE "a", "dynamodb:UpdateItem " TABLE "b",
          "dynamodb:DeleteItem " TABLE "c", "dynamodb:ConditionCheckItem " TABLE "d"}},
    Case{"dynamodb",
         "ExecuteStatement",
         R"({"Statement":"SELECT * FROM Music"})",
         {"dynamodb:PartiQLSelect " TABLE "Music"}},
    Case{"dynamodb",
         "ExecuteStatement",
         R"({"Statement":"SELECT * FROM \"Music\".\"ByYear\""})",
         {"dynamodb:PartiQLSelect " TABLE "Music/index/ByYear"}},
    Case{"dynamodb",
         "ExecuteStatement",
         R"({"Statement":"INSERT INTO Music VALUE {'Artist': ?}","Parameters":[{"S":"a"}]})",
         {"dynamodb:PartiQLInsert " TABLE "Music"}},
    Case{"dynamodb", "ExecuteStatement", R"({"Statement":"what is this"})", {}},
    Case{"dynamodb",
         "BatchExecuteStatement",
         R"({"Statements":[{"Statement":"UPDATE a SET b=1 WHERE c='d'"},{"Statement":"what"},
                 {"Statement":"DELETE FROM b WHERE c='d'"}]})",
         {"dynamodb:PartiQLUpdate " TABLE "a", "dynamodb:PartiQLDelete " TABLE "b"}},
    Case{"dynamodb",
         "ExecuteTransaction",
         R"({"TransactStatements":[{"Statement":"EXISTS(SELECT * FROM a WHERE c='d') "}]
})",
         {"dynamodb:PartiQLSelect " TABLE "a"}},
    Case{"dynamodb",
         "CreateTable",
         R"({"TableName":"new","Tags":[{"Key":"a","Value":"b"}],"ResourcePolicy":"{}"})",
         {"dynamodb:CreateTable " TABLE "new", "dynamodb:TagResource " TABLE "new",
          "dynamodb:PutResourcePolicy " TABLE "new"}},
    Case{"dynamodb",
         "CreateTable",
         R"({"TableName":"new","Tags":[]})",
         {"dynamodb:CreateTable " TABLE "new"}},
    Case{"dynamodb", "ListTables", R"({})", {"dynamodb:ListTables " TABLE "*"}},
    Case{"dynamodb", "DescribeLimits", R"({})", {"dynamodb:DescribeLimits *"}},
    Case{"dynamodb",
         "TagResource",
         R"({"ResourceArn":")" TABLE R"(Music"})",
         {"dynamodb:TagResource " TABLE "Music"}},
    Case{"dynamodb",
         "PutResourcePolicy",
         R"({"ResourceArn":")" TABLE R"(Music/stream/1"})",
         {"dynamodb:PutResourcePolicy " TABLE "Music/stream/1"}},
    Case{"dynamodb",
         "DescribeGlobalTable",
         R"({"GlobalTableName":"g"})",
         {"dynamodb:DescribeGlobalTable arn:aws:dynamodb::111122223333:global-table/g"}},
    Case{"dynamodbstreams",
         "GetRecords",
         R"({"ShardIterator":")" TABLE R"(Music/stream/1|2|A"})",
         {"dynamodb:GetRecords " TABLE "Music/stream/1"}},
    Case{"dynamodbstreams",
         "GetRecords",
         R"({"ShardIterator":"rubbish"})",
         {"dynamodb:GetRecords *"}},
    Case{"dynamodbstreams",
         "DescribeStream",
         R"({"StreamArn":"arn:aws-x:dynamodb:us-west-2:111122223333:table/Music/stream/1"})",
         {"dynamodb:DescribeStream " TABLE "Music/stream/1"}},
    Case{"dynamodbstreams",
         "ListStreams",
         R"({"TableName":"Music"})",
         {"dynamodb:ListStreams " TABLE "Music/stream/*"}},
    Case{"dynamodbstreams", "ListStreams", R"({})", {"dynamodb:ListStreams *"}},
    Case{"millrace",
         "GetStreamRecords",
         R"({"ShardIterator":")" TABLE R"(a/stream/1|2|A"})",
         {"dynamodb:GetRecords " TABLE "a/stream/1"}},
    Case{"millrace",
         "FindItemEvents",
         R"({"TableName":"Music"})",
         {"cloudtrail:FindItemEvents " TABLE "Music"}},
    Case{"millrace",
         "DescribeTriggerStatistics",
         R"({"UUID":"u"})",
         {"lambda:DescribeTriggerStatistics " MAPPING "u"}},
};
INSTANTIATE_TEST_SUITE_P(DynamoDb, Questions, testing::ValuesIn(kDynamoDb));

const Case kLambda[] = {
    Case{"lambda", "Invoke", R"({"FunctionName":"f"})", {"lambda:InvokeFunction " FUNCTION "f"}},
    Case{"lambda",
         "Invoke",
         R"({"FunctionName":"111122223333:function:f","Qualifier":"live"})",
         {"lambda:InvokeFunction " FUNCTION "f:live"}},
    Case{"lambda",
         "Invoke",
         R"({"FunctionName":")" FUNCTION R"(f:2"})",
         {"lambda:InvokeFunction " FUNCTION "f:2"}},
    Case{"lambda",
         "Invoke",
         R"({"FunctionName":"arn:aws:lambda:eu-west-1:1:function:f"})",
         {"lambda:InvokeFunction arn:aws:lambda:eu-west-1:1:function:f"}},
    Case{"lambda",
         "CreateFunction",
         R"({"FunctionName":"f","Role":"arn:aws:iam::1:role/r","Tags":{"a":"b"}})",
         {"lambda:CreateFunction " FUNCTION "f", "iam:PassRole arn:aws:iam::1:role/r",
          "lambda:TagResource " FUNCTION "f"}},
    Case{"lambda",
         "UpdateFunctionConfiguration",
         R"({"FunctionName":"f"})",
         {"lambda:UpdateFunctionConfiguration " FUNCTION "f"}},
    Case{"lambda",
         "CreateEventSourceMapping",
         R"({"FunctionName":"f"})",
         {"lambda:CreateEventSourceMapping *"}},
    Case{"lambda",
         "DeleteEventSourceMapping",
         R"({"UUID":"u"})",
         {"lambda:DeleteEventSourceMapping " MAPPING "u"}},
    Case{"lambda",
         "TagResource",
         R"({"Resource":")" MAPPING R"(u"})",
         {"lambda:TagResource " MAPPING "u"}},
    Case{"lambda",
         "ListTags",
         R"({"Resource":")" FUNCTION R"(f"})",
         {"lambda:ListTags " FUNCTION "f"}},
};
INSTANTIATE_TEST_SUITE_P(Lambda, Questions, testing::ValuesIn(kLambda));

const Case kOthers[] = {
    Case{"logs",
         "PutLogEvents",
         R"({"logGroupName":"/g","logStreamName":"s"})",
         {"logs:PutLogEvents " GROUP "/g:log-stream:s"}},
    Case{"logs",
         "DescribeLogStreams",
         R"({"logGroupIdentifier":")" GROUP R"(/g:*"})",
         {"logs:DescribeLogStreams " GROUP "/g:log-stream:"}},
    Case{"logs",
         "CreateLogGroup",
         R"({"logGroupName":"/g","tags":{"a":"b"}})",
         {"logs:CreateLogGroup " GROUP "/g:log-stream:", "logs:TagResource " GROUP "/g"}},
    Case{"logs",
         "TagResource",
         R"({"resourceArn":")" GROUP R"(/g"})",
         {"logs:TagResource " GROUP "/g"}},
    Case{
        "logs",
        "StartLiveTail",
        R"({"logGroupIdentifiers":["a","b"]})",
        {"logs:StartLiveTail " GROUP "a:log-stream:", "logs:StartLiveTail " GROUP "b:log-stream:"}},
    Case{"cloudtrail",
         "CreateTrail",
         R"({"Name":"one","CloudWatchLogsRoleArn":"arn:r","TagsList":[{"Key":"a"}]})",
         {"cloudtrail:CreateTrail " TRAIL "one", "iam:PassRole arn:r",
          "cloudtrail:AddTags " TRAIL "one"}},
    Case{"cloudtrail",
         "GetTrail",
         R"({"Name":")" TRAIL R"(one"})",
         {"cloudtrail:GetTrail " TRAIL "one"}},
    Case{"cloudtrail",
         "ListTags",
         R"({"ResourceIdList":[")" TRAIL R"(one",")" STORE R"(s"]})",
         {"cloudtrail:ListTags " TRAIL "one", "cloudtrail:ListTags " STORE "s"}},
    Case{"cloudtrail",
         "GetEventDataStore",
         R"({"EventDataStore":"s"})",
         {"cloudtrail:GetEventDataStore " STORE "s"}},
    Case{"cloudtrail",
         "GetQueryResults",
         R"({"QueryId":"q"})",
         {"cloudtrail:GetQueryResults " STORE "*"}},
    Case{"cloudtrail",
         "StartQuery",
         R"({"QueryStatement":"SELECT eventName FROM 0123abcd-0123-0123-0123-0123456789ab"})",
         {"cloudtrail:StartQuery " STORE "0123abcd-0123-0123-0123-0123456789ab"}},
    Case{"cloudtrail",
         "StartQuery",
         R"({"QueryStatement":"SELECT eventName FROM events"})",
         {"cloudtrail:StartQuery " STORE "*"}},
    Case{"iam", "GetUser", R"({"UserName":"BOB"})", {"iam:GetUser " IAM "user/staff/Bob"}},
    Case{"iam", "GetUser", R"({"UserName":"eve"})", {"iam:GetUser " IAM "user/eve"}},
    Case{"iam", "GetUser", R"({})", {"iam:GetUser " IAM "user/caller"}},
    Case{"iam",
         "GetAccessKeyLastUsed",
         R"({"AccessKeyId":"AKIABOB"})",
         {"iam:GetAccessKeyLastUsed " IAM "user/staff/Bob"}},
    Case{"iam",
         "CreateUser",
         R"({"UserName":"eve","Path":"/x/","Tags":[{"Key":"a","Value":"b"}]})",
         {"iam:CreateUser " IAM "user/x/eve", "iam:TagUser " IAM "user/x/eve"}},
    Case{"iam",
         "UpdateUser",
         R"({"UserName":"bob","NewUserName":"Robert"})",
         {"iam:UpdateUser " IAM "user/staff/Bob", "iam:UpdateUser " IAM "user/staff/Robert"}},
    Case{"iam",
         "AddUserToGroup",
         R"({"UserName":"bob","GroupName":"g"})",
         {"iam:AddUserToGroup " IAM "group/g"}},
    Case{"iam",
         "PutRolePolicy",
         R"({"RoleName":"writer"})",
         {"iam:PutRolePolicy " IAM "role/service/Writer"}},
    Case{"iam", "ListUsers", R"({"PathPrefix":"/staff/"})", {"iam:ListUsers " IAM "user/staff/"}},
    Case{"iam", "DeletePolicy", R"({"PolicyArn":"arn:p"})", {"iam:DeletePolicy arn:p"}},
    Case{"sts",
         "AssumeRole",
         R"({"RoleArn":"arn:r","Tags":[{"Key":"a","Value":"b"}],"SourceIdentity":"s"})",
         {"sts:AssumeRole arn:r", "sts:TagSession arn:r", "sts:SetSourceIdentity arn:r"}},
    Case{"sts",
         "GetFederationToken",
         R"({"Name":"n"})",
         {"sts:GetFederationToken arn:aws:sts::111122223333:federated-user/n"}},
    Case{"sts", "GetCallerIdentity", R"({})", {}},
};
INSTANTIATE_TEST_SUITE_P(Others, Questions, testing::ValuesIn(kOthers));

// --- the table itself ---

constexpr auto kNames = std::to_array<std::string_view>({"GetItem", "PutItem"});
constexpr auto kRows =
    std::to_array<Action>({row("dynamodb:GetItem", ask_table), row("dynamodb:PutItem", ask_table)});
static_assert(are_rows_of(kRows, kNames));
static_assert(!are_rows_of(std::span(kRows).first(1), kNames));
static_assert(!are_rows_of(kRows, std::span(kNames).first(1)));

TEST(FindAction, ByModelAndName) {
  ASSERT_NE(find_action("lambda", "Invoke"), nullptr);
  EXPECT_EQ(signing_service(*find_action("lambda", "Invoke")), "lambda");
  EXPECT_EQ(signing_service(*find_action("dynamodbstreams", "GetRecords")), "dynamodb");
  EXPECT_EQ(signing_service(*find_action("millrace", "RotateTrailKey")), "dynamodb");
  EXPECT_EQ(signing_service(*find_action("sts", "GetCallerIdentity")), "sts");
  EXPECT_FALSE(takes_unsigned_payload(*find_action("dynamodb", "GetItem")));
  EXPECT_EQ(find_action("dynamodb", "Getitem"), nullptr);
  EXPECT_EQ(find_action("dynamodb", ""), nullptr);
  EXPECT_EQ(find_action("dynamodb", "zzz"), nullptr);
  EXPECT_EQ(find_action("s3", "GetItem"), nullptr);
}

}  // namespace
}  // namespace millrace::access
