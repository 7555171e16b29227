#include "cli/resources/iam_entity.h"

#include <gmock/gmock.h>

#include "cli/resources/resource_testing.h"

namespace millrace::cli::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using IamEntityTest = ResourceTest;

constexpr const char* kRole = "AWS::IAM::Role";

constexpr const char* kTrust =
    R"("AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
    R"("Principal":{"Service":["lambda.amazonaws.com"]},"Action":["sts:AssumeRole"]}]})";

std::string document(const std::string& action) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":")" + action +
         R"(","Resource":"*"}]})";
}

std::string role(const std::string& more) {
  return R"({"RoleName":"worker",)" + std::string(kTrust) + more + "}";
}

TEST_F(IamEntityTest, ARoleIsMadeOnceAndThenUnchanged) {
  const std::string wanted =
      role(R"(,"Path":"/a/","Description":"d","MaxSessionDuration":"7200",
    "PermissionsBoundary":"arn:b","ManagedPolicyArns":["arn:2","arn:1"],
    "Policies":[{"PolicyName":"own","PolicyDocument":)" +
           document("dynamodb:Query") + R"(}],"Tags":[{"Key":"team","Value":"a"}])");
  EXPECT_THAT(deploy(kRole, wanted),
              ElementsAre("CreateRole worker", "PutRolePolicy worker", "AttachRolePolicy worker",
                          "AttachRolePolicy worker"));
  EXPECT_EQ(attributes_.at("Ref").text, "worker");
  EXPECT_EQ(attributes_.at("Arn").text, "arn:aws:iam::123456789012:role/a/worker");
  EXPECT_EQ(attributes_.at("RoleId").text, "ID-worker");
  EXPECT_THAT(deploy(kRole, wanted), IsEmpty());
}

TEST_F(IamEntityTest, ARoleIsUpdatedWhereItDiffers) {
  deploy(kRole, role(R"(,"Tags":[{"Key":"team","Value":"a"}])"));
  EXPECT_THAT(deploy(kRole, role(R"(,"Description":"d","MaxSessionDuration":7200)")),
              ElementsAre("Description: (empty) → d", "MaxSessionDuration: 3600 → 7200",
                          "Tags.team: a → (none)", "UpdateRole worker", "UntagRole worker"));
  EXPECT_THAT(deploy(kRole, role(R"(,"PermissionsBoundary":"arn:b","Tags":[{"Key":"k",
                                     "Value":"v"}],"Description":"d","MaxSessionDuration":7200)")),
              ElementsAre("PermissionsBoundary: (none) → arn:b", "Tags.k: (none) → v",
                          "PutRolePermissionsBoundary worker", "TagRole worker"));
  std::string other(kTrust);
  other.replace(other.find("lambda."), 7, "events.");
  EXPECT_THAT(
      deploy(kRole, R"({"RoleName":"worker",)" + other + "}"),
      ElementsAre(HasSubstr("AssumeRolePolicyDocument.Statement: "), "Description: d → (empty)",
                  "MaxSessionDuration: 7200 → 3600", "PermissionsBoundary: arn:b → (none)",
                  "Tags.k: v → (none)", "UpdateAssumeRolePolicy worker", "UpdateRole worker",
                  "DeleteRolePermissionsBoundary worker", "UntagRole worker"));
}

TEST_F(IamEntityTest, PoliciesThatNobodyDeclaresGo) {
  const auto with = [](const std::string& name, const std::string& action) {
    return role(R"(,"ManagedPolicyArns":["arn:)" + name + R"("],"Policies":[{"PolicyName":")" +
                name + R"(","PolicyDocument":)" + document(action) + "}]");
  };
  deploy(kRole, with("one", "dynamodb:Query"));
  EXPECT_THAT(deploy(kRole, with("one", "dynamodb:Scan")),
              ElementsAre(HasSubstr("Policies.one.Statement: "), "PutRolePolicy worker"));
  EXPECT_THAT(
      deploy(kRole, with("two", "dynamodb:Scan")),
      ElementsAre(R"(ManagedPolicyArns: ["arn:one"] → ["arn:two"])",
                  "Policies.two.Version: (none) → 2012-10-17",
                  HasSubstr("Policies.two.Statement: (none) → "),
                  "Policies.one.Version: 2012-10-17 → (none)",
                  HasSubstr("Policies.one.Statement: "), "PutRolePolicy worker",
                  "DeleteRolePolicy worker", "AttachRolePolicy worker", "DetachRolePolicy worker"));
  grants_ = {{"Role", "worker", "Policies", "two"},
             {"Role", "other", "ManagedPolicyArns", "arn:two"}};
  EXPECT_THAT(deploy(kRole, role("")),
              ElementsAre(R"(ManagedPolicyArns: ["arn:two"] → [])", "DetachRolePolicy worker"));
}

TEST_F(IamEntityTest, AUserHasGroups) {
  const auto user = [](const std::string& groups) {
    return R"({"UserName":"alice","Groups":[)" + groups + "]}";
  };
  deploy("AWS::IAM::Group", R"({"GroupName":"readers","ManagedPolicyArns":["arn:1"]})");
  EXPECT_THAT(deploy("AWS::IAM::Group", R"({"GroupName":"readers"})"),
              ElementsAre(R"(ManagedPolicyArns: ["arn:1"] → [])", "DetachGroupPolicy readers"));
  EXPECT_THAT(deploy("AWS::IAM::User", user(R"("readers")")),
              ElementsAre("CreateUser alice", "AddUserToGroup alice"));
  EXPECT_THAT(deploy("AWS::IAM::User", user(R"("readers")")), IsEmpty());
  EXPECT_THAT(deploy("AWS::IAM::User", user(R"("writers")")),
              ElementsAre(R"(Groups: ["readers"] → ["writers"])", "AddUserToGroup alice",
                          "RemoveUserFromGroup alice"));
  grants_ = {{"User", "alice", "Groups", "writers"}};
  EXPECT_THAT(deploy("AWS::IAM::User", user("")), IsEmpty());
  EXPECT_EQ(attributes_.at("Arn").text, "arn:aws:iam::123456789012:user/alice");
}

TEST_F(IamEntityTest, WhatCannotBeIsRefused) {
  EXPECT_THAT(deploy(kRole, "{}").front(), HasSubstr("AssumeRolePolicyDocument is missing"));
  EXPECT_THAT(deploy(kRole, R"({"AssumeRolePolicyDocument":{"Statement":[]}})").front(),
              HasSubstr("Resources.Thing.Properties.AssumeRolePolicyDocument: "));
  EXPECT_THAT(
      deploy(kRole, role(R"(,"Policies":[{"PolicyName":"p","PolicyDocument":{}}])")).front(),
      HasSubstr("Resources.Thing.Properties.Policies.p: "));
  EXPECT_THAT(deploy("AWS::IAM::User", R"({"LoginProfile":{}})").front(),
              HasSubstr("LoginProfile: this server does not have that"));
  deploy(kRole, role(""));
  services_.take_changes();
  EXPECT_THAT(deploy(kRole, role(R"(,"Path":"/b/")")).front(),
              HasSubstr("role worker: Path: / → /b/ needs another role: give it another RoleName"));
  EXPECT_THAT(services_.take_changes(), IsEmpty());
}

}  // namespace
}  // namespace millrace::cli::resources
