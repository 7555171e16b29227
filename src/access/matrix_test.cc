// Every operation of every model against policies that allow what it asks for, all but one of it,
// something else, and nothing.
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "access/asked_testing.h"
#include "access/operation_names.h"

namespace millrace::access {
namespace {

struct Model {
  std::string_view name;
  std::span<const std::string_view> operations;
};
constexpr auto kModels = std::to_array<Model>({
    {"cloudtrail", kCloudtrailOperations},
    {"dynamodb", kDynamodbOperations},
    {"dynamodbstreams", kDynamodbstreamsOperations},
    {"iam", kIamOperations},
    {"lambda", kLambdaOperations},
    {"logs", kLogsOperations},
    {"millrace", kMillraceOperations},
    {"sts", kStsOperations},
});

// Whatever an operation names its resource by.
constexpr std::string_view kInput = R"({
    "TableName": "Music", "IndexName": "ByYear", "GlobalTableName": "Music",
    "TableArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music",
    "SourceTableName": "Music", "TargetTableName": "Copy",
    "TableCreationParameters": {"TableName": "Music"},
    "ResourceArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music",
    "StreamArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music/stream/1",
    "ShardIterator": "arn:aws:dynamodb:us-west-2:111122223333:table/Music/stream/1|1|A",
    "BackupArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music/backup/1",
    "ExportArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music/export/1",
    "ImportArn": "arn:aws:dynamodb:us-west-2:111122223333:table/Music/import/1",
    "RequestItems": {"Music": []},
    "TransactItems": [{"Get": {"TableName": "Music"}}, {"Put": {"TableName": "Music"}},
      {"Update": {"TableName": "Music"}}, {"Delete": {"TableName": "Music"}},
      {"ConditionCheck": {"TableName": "Music"}}],
    "Statement": "SELECT * FROM Music",
    "Statements": [{"Statement": "UPDATE Music SET a = 1 WHERE b = 2"},
      {"Statement": "DELETE FROM Music WHERE b = 2"}],
    "TransactStatements": [{"Statement": "INSERT INTO Music VALUE {'a': 1}"}],
    "FunctionName": "f", "Role": "arn:aws:iam::111122223333:role/service/Writer", "UUID": "u",
    "Resource": "arn:aws:lambda:us-west-2:111122223333:function:f",
    "logGroupName": "g", "logStreamName": "s", "logGroupIdentifiers": ["g"],
    "resourceArn": "arn:aws:logs:us-west-2:111122223333:log-group:g",
    "Name": "one", "TrailName": "one", "EventDataStore": "s", "ResourceId": "one",
    "TrailARN": "arn:aws:cloudtrail:us-west-2:111122223333:trail/one",
    "ResourceIdList": ["one"], "QueryStatement": "SELECT eventName FROM events",
    "UserName": "Bob", "GroupName": "g", "RoleName": "Writer", "PolicyName": "p",
    "PolicyArn": "arn:aws:iam::111122223333:policy/p", "AccessKeyId": "AKIABOB",
    "PolicySourceArn": "arn:aws:iam::111122223333:user/staff/Bob",
    "RoleArn": "arn:aws:iam::111122223333:role/service/Writer"
  })";

// What everybody may.
const std::set<std::string, std::less<>> kFree = {"GetCallerIdentity", "GetSessionToken"};

std::string statement(std::string_view effect, const std::set<std::string>& actions,
                      std::string_view resource = "*") {
  return fmt::format(R"({{"Effect":"{}","Action":["{}"],"Resource":"{}"}})", effect,
                     fmt::join(actions, R"(",")"), resource);
}

class Matrix : public testing::Test {
 protected:
  // Calls `check` with what each operation asks for.
  template <typename Check>
  void for_each_operation(Check check) {
    for (const Model& model : kModels) {
      for (const std::string_view operation : model.operations) {
        if (kFree.contains(operation)) continue;
        SCOPED_TRACE(fmt::format("{} {}", model.name, operation));
        model_ = model.name;
        operation_ = operation;
        std::set<std::string> permissions;
        for (const std::string& question : requests_.questions(model_, operation_, kInput)) {
          permissions.insert(question.substr(0, question.find(' ')));
        }
        ASSERT_FALSE(permissions.empty());
        check(permissions);
      }
    }
  }

  [[nodiscard]] bool is_allowed() const {
    return decided(requests_, policies_, model_, operation_, kInput) == "allowed";
  }

  AskedRequests requests_;
  GivenPolicies policies_;
  std::string_view model_;
  std::string_view operation_;
};

TEST_F(Matrix, EverythingIsDeniedByDefault) {
  for_each_operation([&](const std::set<std::string>&) { EXPECT_FALSE(is_allowed()); });
}

TEST_F(Matrix, AllowedByWhatItAsksFor) {
  for_each_operation([&](const std::set<std::string>& permissions) {
    policies_.give(statement("Allow", permissions));
    EXPECT_TRUE(is_allowed());
  });
}

TEST_F(Matrix, DeniedWithoutAnyOneOfIt) {
  for_each_operation([&](const std::set<std::string>& permissions) {
    for (const std::string& missing : permissions) {
      std::set<std::string> others = permissions;
      others.erase(missing);
      others.insert("s3:GetObject");
      policies_.give(statement("Allow", others));
      EXPECT_FALSE(is_allowed()) << missing;
    }
  });
}

TEST_F(Matrix, DenyGoesOverAllow) {
  for_each_operation([&](const std::set<std::string>& permissions) {
    for (const std::string& denied : permissions) {
      policies_.give(statement("Allow", {"*"}) + "," + statement("Deny", {denied}));
      EXPECT_FALSE(is_allowed()) << denied;
    }
  });
}

TEST_F(Matrix, AnotherResourceIsNoHelp) {
  for_each_operation([&](const std::set<std::string>& permissions) {
    policies_.give(statement("Allow", permissions, "arn:aws:s3:::another"));
    EXPECT_FALSE(is_allowed());
  });
}

TEST_F(Matrix, RootMayDoEverything) {
  policies_.set.unrestricted = true;
  for_each_operation([&](const std::set<std::string>&) { EXPECT_TRUE(is_allowed()); });
}

TEST_F(Matrix, WhoOneIsEverybodyMayAsk) {
  policies_.give(statement("Deny", {"*"}));
  for (const std::string& operation : kFree) {
    EXPECT_EQ(decided(requests_, policies_, "sts", operation, "{}"), "allowed") << operation;
  }
}

// What is not there, or of another type, is nothing to stumble over, whatever key is asked for.
TEST_F(Matrix, BadInputIsDeniedAtMost) {
  policies_.give(R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::another"},
      {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{
      "dynamodb:LeadingKeys":"x"}}},
      {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{
      "dynamodb:Attributes":"x","dynamodb:Select":"x"}}},
      {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{
      "dynamodb:ReturnValues":"x","dynamodb:FullTableScan":"x"}}},
      {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{
      "aws:TagKeys":"x","aws:RequestTag/a":"x","aws:ResourceTag/a":"x","iam:PolicyARN":"x"}}})");
  const auto whole = json::Document::parse(kInput);
  const json::Object members = whole->root().get_object().value_unsafe();
  for (const std::string_view value :
       {"null", "5", "[]", "{}", R"("")", R"("arn:")", R"("arn:aws:dynamodb:::table/")",
        R"("arn:aws:lambda:us-west-2:111122223333:function:")", R"(":::::::::")", R"("/")",
        R"([5])", R"([{}])", R"({"a": 5})", R"({"": {"": []}})", R"([{"Get": 5, "Put": {}}])"}) {
    std::string input;
    for (const auto [name, element] : members) {
      input += fmt::format(R"({}"{}":{})", input.empty() ? "{" : ",", name, value);
    }
    input += R"(,"Key":5,"Item":[],"Keys":{},"Tags":)" + std::string(value) + "}";
    for_each_operation([&](const std::set<std::string>&) {
      const std::string answer = decided(requests_, policies_, model_, operation_, input);
      EXPECT_FALSE(answer.empty());
    });
  }
}

}  // namespace
}  // namespace millrace::access
