#include "cli/resources/resource.h"

#include <gmock/gmock.h>

#include "cli/resources/lambda_calls.h"
#include "cli/resources/resource_testing.h"

namespace millrace::cli::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kTable = "AWS::DynamoDB::Table";
constexpr const char* kFunction = "AWS::Lambda::Function";
constexpr const char* kMapping = "AWS::Lambda::EventSourceMapping";

std::string table(const std::string& more) {
  return R"({"TableName":"music","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}])" +
         more + "}";
}

TEST_F(ResourceTest, ATableIsMadeOnceAndThenUnchanged) {
  const std::string wanted = table(R"(,"StreamSpecification":{"StreamViewType":"NEW_IMAGE"},
    "TimeToLiveSpecification":{"AttributeName":"expires","Enabled":"true"},
    "Tags":[{"Key":"team","Value":"a"}])");
  EXPECT_THAT(deploy(kTable, wanted), ElementsAre("CreateTable music", "UpdateTimeToLive music"));
  EXPECT_EQ(attributes_.at("StreamArn").text,
            "arn:aws:dynamodb:r:123456789012:table/music/stream/1");
  EXPECT_THAT(deploy(kTable, wanted), IsEmpty());
}

TEST_F(ResourceTest, ATablesSettingsAreUpdated) {
  deploy(kTable, table(""));
  EXPECT_THAT(deploy(kTable, table(R"(,"DeletionProtectionEnabled":true)")),
              ElementsAre("DeletionProtectionEnabled: false → true", "UpdateTable music"));
  EXPECT_THAT(deploy(kTable, table(R"(,"Tags":[{"Key":"team","Value":"b"}])")),
              ElementsAre("DeletionProtectionEnabled: true → false", "Tags.team: (none) → b",
                          "UpdateTable music", "TagResource"));
  EXPECT_THAT(deploy(kTable, table("")), ElementsAre("Tags.team: b → (none)", "UntagResource"));
}

TEST_F(ResourceTest, TagsOfMillraceStayUnlessNamed) {
  deploy(kTable, table(R"(,"Tags":[{"Key":"millrace:stream-retention-hours","Value":"3"}])"));
  EXPECT_THAT(deploy(kTable, table("")), IsEmpty());
}

TEST_F(ResourceTest, AnotherViewIsAnotherStream) {
  deploy(kTable, table(R"(,"StreamSpecification":{"StreamViewType":"NEW_IMAGE"})"));
  EXPECT_THAT(deploy(kTable, table(R"(,"StreamSpecification":{"StreamViewType":"KEYS_ONLY"})")),
              ElementsAre("StreamViewType: NEW_IMAGE → KEYS_ONLY", "UpdateTable music",
                          "UpdateTable music"));
  EXPECT_THAT(attributes_.at("StreamArn").text, HasSubstr("stream/2"));
}

constexpr const char* kDocument =
    R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"dynamodb:*",)"
    R"("Resource":"*"}})";

std::string with_policy(std::string document, const std::string& action) {
  return R"({"PolicyDocument":)" +
         document.replace(document.find("dynamodb:*"), std::string("dynamodb:*").size(), action) +
         "}";
}

TEST_F(ResourceTest, ATableAndItsStreamHavePolicies) {
  const auto wanted = [](const std::string& action, const std::string& view_type) {
    return table(R"(,"ResourcePolicy":)" + with_policy(kDocument, action) +
                 R"(,"StreamSpecification":{"StreamViewType":")" + view_type +
                 R"(","ResourcePolicy":)" + with_policy(kDocument, "dynamodb:GetRecords") + "}");
  };
  EXPECT_THAT(deploy(kTable, wanted("dynamodb:Query", "NEW_IMAGE")),
              ElementsAre("CreateTable music", "PutResourcePolicy music/stream/1"));
  EXPECT_THAT(services_.body_of("CreateTable").text_of("ResourcePolicy"),
              HasSubstr(R"("Principal":{"AWS":"arn:aws:iam::123456789012:root"})"));
  EXPECT_THAT(deploy(kTable, wanted("dynamodb:Query", "NEW_IMAGE")), IsEmpty());
  EXPECT_THAT(deploy(kTable, wanted("dynamodb:Scan", "NEW_IMAGE")),
              ElementsAre(HasSubstr("ResourcePolicy.Statement: "), "PutResourcePolicy music"));
  // Another stream has none yet.
  EXPECT_THAT(deploy(kTable, wanted("dynamodb:Scan", "KEYS_ONLY")),
              ElementsAre("StreamViewType: NEW_IMAGE → KEYS_ONLY", "UpdateTable music",
                          "UpdateTable music", "PutResourcePolicy music/stream/2"));
  EXPECT_THAT(deploy(kTable, table(R"(,"StreamSpecification":{"StreamViewType":"KEYS_ONLY"})")),
              ElementsAre(HasSubstr("ResourcePolicy.Version: 2008-10-17 → (none)"),
                          HasSubstr("ResourcePolicy.Statement: "),
                          HasSubstr("StreamResourcePolicy.Version: "),
                          HasSubstr("StreamResourcePolicy.Statement: "),
                          "DeleteResourcePolicy music", "DeleteResourcePolicy music/stream/2"));
  EXPECT_THAT(deploy(kTable, table(R"(,"ResourcePolicy":{"PolicyDocument":{"Statement":[]}})")),
              ElementsAre(HasSubstr("Resources.Thing.Properties.ResourcePolicy.PolicyDocument: ")));
}

constexpr const char* kWithIndex = R"({"TableName":"music","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
                            {"AttributeName":"year","AttributeType":"N"}],
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-year","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"year","KeyType":"HASH"}]}]})";

TEST_F(ResourceTest, IndexesComeAndGo) {
  deploy(kTable, table(""));
  deploy(kTable, kWithIndex);
  EXPECT_EQ(services_.get("table", "music").find("GlobalSecondaryIndexes")->items.size(), 1U);
  EXPECT_THAT(deploy(kTable, kWithIndex), IsEmpty());
  deploy(kTable, table(""));
  EXPECT_EQ(services_.get("table", "music").find("GlobalSecondaryIndexes")->items.size(), 0U);
}

TEST_F(ResourceTest, WhatNeedsAnotherTableIsRefused) {
  deploy(kTable, table(""));
  services_.take_changes();
  const auto told = deploy(kTable, R"({"TableName":"music","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"other","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"other","KeyType":"HASH"}]})");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told.front(), HasSubstr("needs a new table"));
  EXPECT_THAT(services_.take_changes(), IsEmpty());
}

TEST_F(ResourceTest, WrongPropertiesAreRefused) {
  auto refusal = [&](const std::string& type, const std::string& properties) {
    const auto resource = make(type, properties);
    return resource.ok() ? std::string() : resource.error().message;
  };
  EXPECT_EQ(refusal(kTable, table(R"(,"Colour":"red")")),
            "Resources.Thing.Properties.Colour: there is no such property");
  EXPECT_EQ(refusal(kTable, table(R"(,"SSESpecification":{})")),
            "Resources.Thing.Properties.SSESpecification: this server does not have that");
  EXPECT_EQ(refusal(kTable, table(R"(,"DeletionProtectionEnabled":"maybe")")),
            "Resources.Thing.Properties.DeletionProtectionEnabled: takes true or false, not "
            "'maybe'");
  EXPECT_EQ(refusal(kTable, "{}"), "Resources.Thing.Properties: AttributeDefinitions is missing");
  EXPECT_EQ(refusal(kFunction, R"({"Code":"./none.mjs"})").substr(0, 32),
            "Resources.Thing.Properties.Code:");
  EXPECT_EQ(refusal(kFunction, R"({"Code":"./handler.mjs","Layers":[]})"),
            "Resources.Thing.Properties.Layers: this server does not have that");
  EXPECT_EQ(refusal(kMapping, R"({"EventSourceArn":"arn:aws:kinesis:r:0:stream/x",
                                  "FunctionName":"f"})"),
            "Resources.Thing.Properties.EventSourceArn: 'arn:aws:kinesis:r:0:stream/x' is not the "
            "ARN of a table's stream");
}

TEST_F(ResourceTest, AFunctionIsMadeOfItsCode) {
  const std::string wanted = R"({"Code":"handler.mjs","Environment":{"Variables":{"A":1}}})";
  EXPECT_THAT(deploy(kFunction, wanted), ElementsAre("CreateFunction demo-Thing"));
  const Node made = *services_.get("function", "demo-Thing").find("Configuration");
  EXPECT_EQ(made.text_of("Runtime"), "nodejs20.x");
  EXPECT_EQ(made.text_of("Handler"), "handler.handler");
  EXPECT_EQ(made.text_of("Role"), "arn:aws:iam::123456789012:role/demo-Thing");
  EXPECT_EQ(to_json(*made.find("Environment")), R"({"Variables":{"A":"1"}})");
  EXPECT_THAT(deploy(kFunction, wanted), IsEmpty());
}

TEST_F(ResourceTest, AFunctionIsUpdatedWhereItDiffers) {
  deploy(kFunction, R"({"Code":"handler.mjs","Environment":{"Variables":{"A":"1"}}})");
  write("handler.mjs", "export const handler = async () => 1;\n");
  EXPECT_THAT(
      deploy(kFunction, R"({"Code":"handler.mjs","Timeout":10})"),
      ElementsAre("Timeout: 3 → 10", "Environment.A: 1 → (none)", "Code: changed",
                  "UpdateFunctionCode demo-Thing", "UpdateFunctionConfiguration demo-Thing"));
  EXPECT_EQ(to_json(services_.body_of("UpdateFunctionConfiguration")),
            R"({"Timeout":10,"Environment":{"Variables":{}}})");
  EXPECT_THAT(
      deploy(kFunction,
             R"({"Code":"handler.mjs","Timeout":10,"ReservedConcurrentExecutions":"2"})"),
      ElementsAre("ReservedConcurrentExecutions: (none) → 2", "PutFunctionConcurrency demo-Thing"));
  EXPECT_THAT(deploy(kFunction, R"({"Code":"handler.mjs","Timeout":10})"),
              ElementsAre("ReservedConcurrentExecutions: 2 → (none)",
                          "DeleteFunctionConcurrency demo-Thing"));
}

TEST_F(ResourceTest, CodeMayBeInline) {
  deploy(kFunction, R"({"Runtime":"python3.11","Handler":"index.go",
                        "Code":{"ZipFile":"def go(event, context):\n  return 1\n"}})");
  EXPECT_TRUE(services_.has("function", "demo-Thing"));
  EXPECT_THAT(deploy(kFunction, R"({"Code":{"S3Bucket":"b"},"Runtime":"python3.11"})").front(),
              HasSubstr("code comes from a path"));
}

constexpr const char* kStream = "arn:aws:dynamodb:r:123456789012:table/music/stream/1";

std::string mapping(const std::string& more) {
  return R"({"FunctionName":"f","EventSourceArn":")" + std::string(kStream) + "\"" + more + "}";
}

TEST_F(ResourceTest, AMappingIsMadeUpdatedAndCleared) {
  EXPECT_THAT(deploy(kMapping, mapping(R"(,"BatchSize":10,
      "FilterCriteria":{"Filters":[{"Pattern":"{}"}]},"FunctionResponseTypes":
      ["ReportBatchItemFailures"])")),
              ElementsAre("CreateEventSourceMapping"));
  EXPECT_EQ(services_.body_of("CreateEventSourceMapping").text_of("StartingPosition"), "LATEST");
  EXPECT_EQ(attributes_.at("Ref").text, "uuid-1");
  EXPECT_THAT(deploy(kMapping, mapping(R"(,"BatchSize":20,"Enabled":false)")),
              ElementsAre("BatchSize: 10 → 20",
                          R"(FunctionResponseTypes: ["ReportBatchItemFailures"] → [])",
                          R"(FilterCriteria: {"Filters":[{"Pattern":"{}"}]} → (none))",
                          "Enabled: true → false", "UpdateEventSourceMapping uuid-1"));
  EXPECT_EQ(to_json(services_.body_of("UpdateEventSourceMapping")),
            R"({"BatchSize":20,"FunctionResponseTypes":[],"FilterCriteria":{"Filters":[]},)"
            R"("Enabled":false})");
  EXPECT_THAT(deploy(kMapping, mapping(R"(,"BatchSize":20,"Enabled":false)")), IsEmpty());
}

TEST_F(ResourceTest, AnotherStartingPositionNeedsAnotherMapping) {
  deploy(kMapping, mapping(R"(,"StartingPosition":"TRIM_HORIZON")"));
  EXPECT_THAT(deploy(kMapping, mapping("")), IsEmpty());
  EXPECT_THAT(deploy(kMapping, mapping(R"(,"StartingPosition":"LATEST")")).front(),
              HasSubstr("StartingPosition TRIM_HORIZON → LATEST needs a new mapping"));
}

TEST_F(ResourceTest, AMappingThatFollowsItsTableIsThatOfItsNextStream) {
  const std::string tags = R"(,"Tags":[{"Key":"millrace:follow-table","Value":"true"}])";
  deploy(kMapping, mapping(tags));
  const Node made = services_.get("mapping", "uuid-1");
  EXPECT_EQ(services_.tags(mapping_arn(made)).text_of(kFollowTableTag), "true");
  auto of_next_stream = [](std::string properties) {
    return properties.replace(properties.find("stream/1"), 8, "stream/2");
  };
  EXPECT_THAT(deploy(kMapping, of_next_stream(mapping(tags))), IsEmpty());
  EXPECT_THAT(deploy(kMapping, of_next_stream(mapping(""))),
              ElementsAre("CreateEventSourceMapping"));
}

TEST_F(ResourceTest, ALogGroupHasItsRetention) {
  EXPECT_THAT(deploy("AWS::Logs::LogGroup", R"({"LogGroupName":"g","RetentionInDays":"7"})"),
              ElementsAre("CreateLogGroup g", "PutRetentionPolicy g"));
  EXPECT_THAT(deploy("AWS::Logs::LogGroup", R"({"LogGroupName":"g","RetentionInDays":7})"),
              IsEmpty());
  EXPECT_THAT(deploy("AWS::Logs::LogGroup", R"({"LogGroupName":"g"})"),
              ElementsAre("RetentionInDays: 7 → (none)", "DeleteRetentionPolicy g"));
}

TEST_F(ResourceTest, APermissionIsAStatementOfTheFunctionsPolicy) {
  const auto permission = [](const std::string& more) {
    return R"({"FunctionName":"f","Action":"lambda:InvokeFunction",)"
           R"("Principal":"s3.amazonaws.com")" +
           more + "}";
  };
  constexpr const char* kPermission = "AWS::Lambda::Permission";
  EXPECT_THAT(deploy(kPermission, permission("")), ElementsAre("AddPermission demo-Thing"));
  EXPECT_THAT(deploy(kPermission, permission("")), IsEmpty());
  EXPECT_THAT(deploy(kPermission, permission(R"(,"SourceArn":"arn:aws:s3:::b")")),
              ElementsAre("SourceArn: (none) → arn:aws:s3:::b", "RemovePermission demo-Thing",
                          "AddPermission demo-Thing"));
  EXPECT_THAT(deploy(kPermission, permission(R"(,"SourceArn":"arn:aws:s3:::b")")), IsEmpty());
}

TEST_F(ResourceTest, WhatTheServerDoesNotHaveIsCheckedAndSkipped) {
  const auto bucket = make("AWS::S3::Bucket", R"({"Tags":[]})");
  ASSERT_TRUE(bucket.ok());
  const auto decision = (*bucket)->compare(client_);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->action, Action::kSkip);
  EXPECT_EQ(decision->attributes.at("Arn").text, "arn:aws:s3:::demo-thing");
  EXPECT_FALSE(make("AWS::S3::BucketPolicy", "{}").ok());
  EXPECT_FALSE(make("AWS::EC2::Instance", "{}").ok());
}

}  // namespace
}  // namespace millrace::cli::resources
