#include "access/authorizer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/asked_testing.h"

namespace millrace::access {
namespace {

#define TABLE "arn:aws:dynamodb:us-west-2:111122223333:table/"

struct Try {
  const char* operation;
  const char* input;
  bool allowed;
  const char* model = "dynamodb";
};

class Examples : public testing::Test {
 protected:
  void expect(std::initializer_list<Try> tries) {
    for (const Try& one : tries) {
      const auto answer = decided(requests_, policies_, one.model, one.operation, one.input);
      EXPECT_EQ(answer == "allowed", one.allowed)
          << one.operation << ' ' << one.input << ": " << answer;
    }
  }

  AskedRequests requests_;
  GivenPolicies policies_;
};

// The policies are those of the Developer Guide, "Using IAM policy conditions for fine-grained
// access control", and "IAM security policies with PartiQL for DynamoDB".

TEST_F(Examples, OneUsersItemsAlone) {
  policies_.give(R"({"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:BatchGetItem",
      "dynamodb:Query","dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:BatchWriteItem"],
      "Resource":")" TABLE R"(Music","Condition":{"ForAllValues:StringEquals":
      {"dynamodb:LeadingKeys":["${aws:username}"]}}})");
  expect({
      {"GetItem", R"({"TableName":"Music","Key":{"Artist":{"S":"caller"}}})", true},
      {"GetItem", R"({"TableName":"Music","Key":{"Artist":{"S":"other"}}})", false},
      {"GetItem", R"({"TableName":"Blobs","Key":{"id":{"B":"AA=="}}})", false},
      {"PutItem", R"({"TableName":"Music","Item":{"Artist":{"S":"caller"}}})", true},
      {"PutItem", R"({"TableName":"Music","Item":{"Artist":{"S":"other"}}})", false},
      {"BatchGetItem", R"({"RequestItems":{"Music":{"Keys":[{"Artist":{"S":"caller"}}]}}})", true},
      {"BatchGetItem",
       R"({"RequestItems":{"Music":{"Keys":[{"Artist":{"S":"caller"}},{"Artist":{"S":"o"}}]}}})",
       false},
      {"BatchWriteItem",
       R"({"RequestItems":{"Music":[{"DeleteRequest":{"Key":{"Artist":{"S":"o"}}}}]}})", false},
      {"TransactWriteItems",
       R"({"TransactItems":[{"Put":{"TableName":"Music","Item":{"Artist":{"S":"caller"}}}}]})",
       true},
      {"TransactWriteItems",
       R"({"TransactItems":[{"Put":{"TableName":"Music","Item":{"Artist":{"S":"caller"}}}},
           {"Update":{"TableName":"Music","Key":{"Artist":{"S":"other"}}}}]})",
       false},
      {"Query",
       R"({"TableName":"Music","KeyConditionExpression":"Artist = :a",
           "ExpressionAttributeValues":{":a":{"S":"caller"}}})",
       true},
      {"Query",
       R"({"TableName":"Music","KeyConditionExpression":"Artist = :a",
           "ExpressionAttributeValues":{":a":{"S":"other"}}})",
       false},
      {"Scan", R"({"TableName":"Music"})", false},
      {"DeleteItem", R"({"TableName":"Music","Key":{"Artist":{"S":"caller"}}})", false},
  });
}

TEST_F(Examples, SomeAttributesAlone) {
  policies_.give(R"({"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query",
      "dynamodb:UpdateItem","dynamodb:Scan"],
      "Resource":[")" TABLE R"(Music",")" TABLE R"(Music/index/*"],
      "Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":["Artist","SongTitle","Year"]},
      "StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES",
      "dynamodb:ReturnValues":["NONE","UPDATED_OLD","UPDATED_NEW"]}}})");
  expect({
      {"GetItem",
       R"({"TableName":"Music","Key":{"Artist":{"S":"a"}},"ProjectionExpression":"SongTitle"})",
       true},
      {"GetItem",
       R"({"TableName":"Music","Key":{"Artist":{"S":"a"}},"ProjectionExpression":"Secret"})",
       false},
      {"GetItem", R"({"TableName":"Music","Key":{"Artist":{"S":"a"}}})", false},
      {"Scan", R"({"TableName":"Music","ProjectionExpression":"SongTitle"})", true},
      {"Scan", R"({"TableName":"Music","Select":"COUNT"})", false},
      {"Scan", R"({"TableName":"Music","IndexName":"ByYear","ProjectionExpression":"SongTitle"})",
       true},
      {"Scan",
       R"({"TableName":"Music","ProjectionExpression":"SongTitle",
           "FilterExpression":"Secret = :s","ExpressionAttributeValues":{":s":{"S":"x"}}})",
       false},
      {"UpdateItem",
       R"({"TableName":"Music","Key":{"Artist":{"S":"a"}},"UpdateExpression":"REMOVE #y",
           "ExpressionAttributeNames":{"#y":"Year"}})",
       true},
      {"UpdateItem",
       R"({"TableName":"Music","Key":{"Artist":{"S":"a"}},"UpdateExpression":"REMOVE #y",
           "ExpressionAttributeNames":{"#y":"Year"},"ReturnValues":"ALL_OLD"})",
       false},
      {"UpdateItem",
       R"({"TableName":"Music","Key":{"Artist":{"S":"a"}},"UpdateExpression":"SET #y = Secret",
           "ExpressionAttributeNames":{"#y":"Year"}})",
       false},
  });
}

TEST_F(Examples, NoFullTableScans) {
  policies_.give(R"({"Effect":"Deny","Action":["dynamodb:PartiQLSelect"],"Resource":")" TABLE
                 R"(Music","Condition":{"Bool":{"dynamodb:FullTableScan":["true"]}}},
      {"Effect":"Allow","Action":["dynamodb:PartiQLSelect"],"Resource":")" TABLE R"(Music"})");
  expect({
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM Music WHERE Artist = 'a'"})", true},
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM Music"})", false},
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM Music WHERE SongTitle = 'a'"})", false},
      {"ExecuteStatement", R"({"Statement":"DELETE FROM Music WHERE Artist = 'a'"})", false},
  });
}

TEST_F(Examples, ReadsInTransactionsAlone) {
  policies_.give(R"({"Effect":"Allow","Action":["dynamodb:PartiQLSelect","dynamodb:GetItem"],
      "Resource":"*","Condition":{"StringEquals":
      {"dynamodb:EnclosingOperation":["ExecuteTransaction","TransactGetItems"]}}})");
  expect({
      {"ExecuteTransaction",
       R"({"TransactStatements":[{"Statement":"SELECT * FROM Music WHERE Artist = 'a'"}]})", true},
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM Music WHERE Artist = 'a'"})", false},
      {"TransactGetItems", R"({"TransactItems":[{"Get":{"TableName":"Music"}}]})", true},
      {"GetItem", R"({"TableName":"Music"})", false},
  });
}

TEST_F(Examples, AnIndexAlone) {
  policies_.give(R"({"Effect":"Allow","Action":"dynamodb:Query","Resource":")" TABLE
                 R"(Music/index/ByYear"})");
  expect({
      {"Query", R"({"TableName":"Music","IndexName":"ByYear"})", true},
      {"Query", R"({"TableName":"Music"})", false},
      {"Query", R"({"TableName":"Music","IndexName":"Other"})", false},
      {"Scan", R"({"TableName":"Music","IndexName":"ByYear"})", false},
  });
}

TEST_F(Examples, AStreamAlone) {
  policies_.give(R"({"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",
      "dynamodb:GetShardIterator"],"Resource":")" TABLE R"(Music/stream/*"},
      {"Effect":"Allow","Action":"dynamodb:ListStreams","Resource":"*"})");
  constexpr const char* kStreams = "dynamodbstreams";
  expect({
      {"DescribeStream", R"({"StreamArn":")" TABLE R"(Music/stream/1"})", true, kStreams},
      {"DescribeStream", R"({"StreamArn":")" TABLE R"(Blobs/stream/1"})", false, kStreams},
      {"GetRecords", R"({"ShardIterator":")" TABLE R"(Music/stream/1|A"})", true, kStreams},
      {"GetRecords", R"({"ShardIterator":"rubbish"})", false, kStreams},
      {"ListStreams", R"({"TableName":"Blobs"})", true, kStreams},
      {"GetItem", R"({"TableName":"Music"})", false},
  });
}

TEST_F(Examples, TagsOfTables) {
  policies_.give(R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":
      {"StringEquals":{"aws:ResourceTag/Team":"blue"}}},
      {"Effect":"Allow","Action":["dynamodb:CreateTable","dynamodb:TagResource"],"Resource":"*",
      "Condition":{"StringEquals":{"aws:RequestTag/Team":["blue"]},
      "ForAllValues:StringEquals":{"aws:TagKeys":["Team"]}}})");
  expect({
      {"DeleteTable", R"({"TableName":"Music"})", true},
      {"DeleteTable", R"({"TableName":"Blobs"})", false},
      {"CreateTable", R"({"TableName":"n","Tags":[{"Key":"Team","Value":"blue"}]})", true},
      {"CreateTable", R"({"TableName":"n","Tags":[{"Key":"Team","Value":"red"}]})", false},
      {"CreateTable", R"({"TableName":"n"})", false},
  });
}

TEST_F(Examples, ARoleIsPassedToItsService) {
  policies_.give(R"({"Effect":"Allow","Action":"lambda:*","Resource":"*"},
      {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/ok",
      "Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}})");
  expect({
      {"CreateFunction", R"({"FunctionName":"f","Role":"arn:aws:iam::111122223333:role/ok"})", true,
       "lambda"},
      {"CreateFunction", R"({"FunctionName":"f","Role":"arn:aws:iam::111122223333:role/no"})",
       false, "lambda"},
      {"UpdateFunctionConfiguration", R"({"FunctionName":"f"})", true, "lambda"},
  });
}

TEST_F(Examples, TheMessage) {
  EXPECT_EQ(decided(requests_, policies_, "dynamodb", "GetItem", R"({"TableName":"Music"})"),
            "User: arn:aws:iam::111122223333:user/caller is not authorized to perform: "
            "dynamodb:GetItem on resource: " TABLE
            "Music because no identity-based policy allows the dynamodb:GetItem action");
}

// --- policies of resources ---

class ResourcePolicies : public Examples {
 protected:
  void give_table(std::string_view effect, std::string_view action) {
    const auto text = fmt::format(
        R"({{"Version":"2012-10-17","Statement":[{{"Effect":"{}","Principal":{{"AWS":
            "arn:aws:iam::111122223333:user/caller"}},"Action":"{}","Resource":"*"}}]}})",
        effect, action);
    policies_.of_resources[TABLE "Music"] =
        policy::read_policy(text, policy::DocumentKind::kResource).value();
  }
};

TEST_F(ResourcePolicies, AllowWhatNoOtherAllows) {
  give_table("Allow", "dynamodb:Query");
  expect({
      {"Query", R"({"TableName":"Music"})", true},
      {"Query", R"({"TableName":"Music","IndexName":"ByYear"})", true},
      {"Query", R"({"TableName":"Blobs"})", false},
      {"Scan", R"({"TableName":"Music"})", false},
  });
}

TEST_F(ResourcePolicies, OfARoleSayWhoMayAssumeItAlone) {
  const auto text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":
      "arn:aws:iam::111122223333:user/caller"},"Action":"*","Resource":"*"}]})";
  policies_.of_resources["arn:aws:iam::111122223333:role/service/Writer"] =
      policy::read_policy(text, policy::DocumentKind::kResource).value();
  expect({
      {"AssumeRole", R"({"RoleArn":"arn:aws:iam::111122223333:role/service/Writer"})", true, "sts"},
      {"DeleteRole", R"({"RoleName":"Writer"})", false, "iam"},
  });
}

TEST_F(ResourcePolicies, DenyTheRootToo) {
  give_table("Deny", "dynamodb:Scan");
  policies_.set.unrestricted = true;
  expect({
      {"Scan", R"({"TableName":"Music"})", false},
      {"Query", R"({"TableName":"Music"})", true},
      {"Scan", R"({"TableName":"Blobs"})", true},
  });
}

}  // namespace
}  // namespace millrace::access
