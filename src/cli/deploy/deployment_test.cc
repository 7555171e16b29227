#include "cli/deploy/deployment.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/resources/fake_services_testing.h"
#include "cli/resources/lambda_calls.h"

namespace millrace::cli::deploy {
namespace {

using resources::FakeServices;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kTemplate = R"(Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  OnChange:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: handler.mjs
      Handler: handler.handler
      Runtime: nodejs20.x
      Environment: {Variables: {TABLE: !Ref Music}}
      Events:
        Changes:
          Type: DynamoDB
          Properties: {Stream: !GetAtt Music.StreamArn, StartingPosition: LATEST, BatchSize: 5}
  Music:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub music-${Stage}
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
Outputs:
  Stream: {Value: !GetAtt Music.StreamArn}
  Function: {Value: !GetAtt OnChange.Arn}
)";

class DeploymentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("millrace-deploy-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
    write("handler.mjs", "export const handler = async () => {};\n");
    write("template.yaml", std::string(kTemplate));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
  }

  Result<Deployment> open(std::map<std::string, std::string> parameters = {}) {
    return Deployment::open(client_, {.file = directory_ / "template.yaml",
                                      .stack_name = "demo",
                                      .parameters = std::move(parameters),
                                      .region = "r"});
  }
  // "create Music", or the error.
  std::vector<std::string> planned(Deployment& deployment) {
    auto plan = deployment.plan();
    if (!plan.ok()) return {plan.error().message};
    std::vector<std::string> words;
    for (const PlannedResource& resource : *plan) {
      constexpr std::array<const char*, 4> kWords = {"create", "update", "keep", "skip"};
      words.push_back(std::string(kWords.at(static_cast<size_t>(resource.decision.action))) + " " +
                      resource.logical_id);
    }
    return words;
  }
  std::string refusal() {
    auto deployment = open();
    if (!deployment.ok()) return deployment.error().message;
    const auto plan = deployment->plan();
    return plan.ok() ? "" : plan.error().message;
  }

  FakeServices services_;
  const Connection connection_ = services_.connection();
  const SystemClock clock_;
  ServiceClient client_{connection_, clock_};
  std::filesystem::path directory_;
};

TEST_F(DeploymentTest, IsPlannedThenDoneThenUnchanged) {
  auto deployment = open();
  ASSERT_TRUE(deployment.ok()) << deployment.error().message;
  EXPECT_THAT(planned(*deployment), ElementsAre("create OnChangeRole", "create Music",
                                                "create OnChange", "create OnChangeChanges"));
  EXPECT_THAT(services_.take_changes(), IsEmpty());
  std::vector<std::string> told;
  const Status status = deployment->apply(
      [&](const PlannedResource& resource) { told.push_back(resource.logical_id); });
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_THAT(told, ElementsAre("OnChangeRole", "Music", "OnChange", "OnChangeChanges"));
  EXPECT_THAT(services_.take_changes(),
              ElementsAre("CreateRole demo-OnChangeRole", "AttachRolePolicy demo-OnChangeRole",
                          "AttachRolePolicy demo-OnChangeRole", "CreateTable music-dev",
                          "CreateFunction demo-OnChange", "CreateEventSourceMapping"));
  const auto outputs = deployment->outputs();
  ASSERT_TRUE(outputs.ok());
  EXPECT_THAT(
      *outputs,
      ElementsAre(std::pair("Stream",
                            "arn:aws:dynamodb:r:123456789012:table/music-dev/"
                            "stream/1"),
                  std::pair("Function", "arn:aws:lambda:r:123456789012:function:demo-OnChange")));
  auto again = open();
  ASSERT_TRUE(again.ok());
  EXPECT_THAT(planned(*again), ElementsAre("keep OnChangeRole", "keep Music", "keep OnChange",
                                           "keep OnChangeChanges"));
}

TEST_F(DeploymentTest, TheMappingFollowsItsTable) {
  auto deployment = open();
  ASSERT_TRUE(deployment.ok() && deployment->apply([](const PlannedResource&) {}).ok());
  const auto mapping = services_.all("mapping").front();
  EXPECT_EQ(services_.tags(resources::mapping_arn(mapping)).text_of(resources::kFollowTableTag),
            "true");
  EXPECT_EQ(mapping.text_of("BatchSize"), "5");
}

TEST_F(DeploymentTest, OnlyWhatDiffersIsUpdated) {
  ASSERT_TRUE(open()->apply([](const PlannedResource&) {}).ok());
  services_.take_changes();
  std::string text(kTemplate);
  text.replace(text.find("BatchSize: 5"), 12, "BatchSize: 6");
  write("template.yaml", text);
  auto deployment = open();
  EXPECT_THAT(planned(*deployment), ElementsAre("keep OnChangeRole", "keep Music", "keep OnChange",
                                                "update OnChangeChanges"));
  ASSERT_TRUE(deployment->apply([](const PlannedResource&) {}).ok());
  EXPECT_THAT(services_.take_changes(), ElementsAre("UpdateEventSourceMapping uuid-1"));
}

TEST_F(DeploymentTest, AParameterMakesAnotherTable) {
  ASSERT_TRUE(open()->apply([](const PlannedResource&) {}).ok());
  auto other = open({{"Stage", "prod"}});
  EXPECT_THAT(planned(*other), ElementsAre("keep OnChangeRole", "create Music", "update OnChange",
                                           "create OnChangeChanges"));
}

TEST_F(DeploymentTest, WhatIsWrongIsSaidWithItsLine) {
  const std::string file = (directory_ / "template.yaml").string();
  std::string text(kTemplate);
  text.replace(text.find("CodeUri: handler.mjs"), 20, "CodeUri: missing.mjs");
  write("template.yaml", text);
  EXPECT_THAT(refusal(), HasSubstr(file + ":7: Resources.OnChange.Properties.Code: "));
  text = kTemplate;
  text.replace(text.find("BatchSize: 5"), 12, "BatchSize: x");
  write("template.yaml", text);
  EXPECT_THAT(refusal(),
              HasSubstr(file + ":14: Resources.OnChangeChanges.Properties.BatchSize: takes an "
                               "integer, not 'x'"));
  text = kTemplate;
  text.replace(text.find("OnChange.Arn"), 12, "OnChange.Url");
  write("template.yaml", text);
  EXPECT_THAT(refusal(),
              HasSubstr(file + ":25: Outputs.Function.Value: OnChange has no attribute"));
  EXPECT_THAT(services_.take_changes(), IsEmpty());
  std::filesystem::remove(directory_ / "template.yaml");
  EXPECT_EQ(refusal(), file + ": there is no such file");
}

constexpr std::string_view kPolicies = R"(Resources:
  Reading:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: !Sub ${AWS::StackName}-reading
      Roles: [!Ref Worker]
      PolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Action: 'dynamodb:Query', Resource: '*'}
  Writing:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Select [1, !Split [/, !GetAtt Worker.Arn]]]
      PolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
)";

TEST_F(DeploymentTest, PoliciesThatAreDeclaredApartStay) {
  write("template.yaml", std::string(kPolicies));
  const Status made = open()->apply([](const PlannedResource&) {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(services_.take_changes(),
              ElementsAre("CreateRole demo-Worker", "PutRolePolicy demo-Worker",
                          "CreatePolicy demo-Writing", "AttachRolePolicy demo-Worker"));
  auto again = open();
  EXPECT_THAT(planned(*again), ElementsAre("keep Worker", "keep Reading", "keep Writing"));
  // One that is declared no more goes.
  std::string text(kPolicies);
  text.replace(text.find("-reading"), 8, "-seeing");
  write("template.yaml", text);
  ASSERT_TRUE(open()->apply([](const PlannedResource&) {}).ok());
  EXPECT_THAT(services_.take_changes(),
              ElementsAre("DeleteRolePolicy demo-Worker", "PutRolePolicy demo-Worker"));
}

TEST(DefaultStackNameTest, IsThatOfTheDirectory) {
  EXPECT_EQ(default_stack_name("/a/my_project/template.yaml"), "my-project");
  EXPECT_EQ(default_stack_name("/template.yaml"), "stack");
  EXPECT_EQ(default_stack_name("/1/template.yaml"), "stack");
}

}  // namespace
}  // namespace millrace::cli::deploy
