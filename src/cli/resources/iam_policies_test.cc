#include "cli/resources/iam_policies.h"

#include <gmock/gmock.h>

#include "cli/resources/resource_testing.h"

namespace millrace::cli::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class IamPoliciesTest : public ResourceTest {
 protected:
  void SetUp() override {
    ResourceTest::SetUp();
    deploy("AWS::IAM::User", R"({"UserName":"alice"})");
    deploy("AWS::IAM::Role", R"({"RoleName":"worker","AssumeRolePolicyDocument":{
      "Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}})");
  }
};

std::string policy(const std::string& name, const std::string& action, const std::string& more) {
  return "{\"" + name +
         R"(":"p","PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":")" +
         action + R"(","Resource":"*"}})" + more + "}";
}

constexpr const char* kInline = "AWS::IAM::Policy";
constexpr const char* kManaged = "AWS::IAM::ManagedPolicy";

TEST_F(IamPoliciesTest, AnInlinePolicyIsThatOfAllItsRolesAndUsers) {
  const auto wanted = [](const std::string& action, const std::string& roles) {
    return policy("PolicyName", action, R"(,"Users":["alice"],"Roles":[)" + roles + "]");
  };
  EXPECT_THAT(deploy(kInline, wanted("dynamodb:Query", "")),
              ElementsAre("for user alice", "PutUserPolicy alice"));
  EXPECT_THAT(deploy(kInline, wanted("dynamodb:Query", "")), IsEmpty());
  EXPECT_THAT(deploy(kInline, wanted("dynamodb:Query", R"("worker")")),
              ElementsAre("for role worker", "PutRolePolicy worker"));
  EXPECT_THAT(deploy(kInline, wanted("dynamodb:Scan", R"("worker")")),
              ElementsAre(HasSubstr("user alice: PolicyDocument.Statement: "),
                          HasSubstr("role worker: PolicyDocument.Statement: "),
                          "PutUserPolicy alice", "PutRolePolicy worker"));
  EXPECT_THAT(deploy(kInline, policy("PolicyName", "dynamodb:Scan", "")).front(),
              HasSubstr("takes at least one of Users, Groups and Roles"));
}

TEST_F(IamPoliciesTest, AManagedPolicyGetsVersions) {
  const auto wanted = [](const std::string& action) {
    return policy("ManagedPolicyName", action, R"(,"Path":"/x/","Roles":["worker"])");
  };
  EXPECT_THAT(deploy(kManaged, wanted("dynamodb:Query")),
              ElementsAre("for role worker", "CreatePolicy p", "AttachRolePolicy worker"));
  EXPECT_EQ(attributes_.at("Ref").text, "arn:aws:iam::123456789012:policy/x/p");
  EXPECT_THAT(deploy(kManaged, wanted("dynamodb:Query")), IsEmpty());
  for (int version = 2; version <= 5; ++version) {
    EXPECT_THAT(deploy(kManaged, wanted("dynamodb:Get" + std::to_string(version))),
                ElementsAre(HasSubstr("PolicyDocument.Statement: "),
                            "CreatePolicyVersion arn:aws:iam::123456789012:policy/x/p"));
  }
  EXPECT_THAT(deploy(kManaged, wanted("dynamodb:Scan")),
              ElementsAre(HasSubstr("PolicyDocument.Statement: "),
                          "DeletePolicyVersion arn:aws:iam::123456789012:policy/x/p",
                          "CreatePolicyVersion arn:aws:iam::123456789012:policy/x/p"));
  EXPECT_THAT(deploy(kManaged, wanted("dynamodb:Scan")), IsEmpty());
  EXPECT_THAT(deploy(kManaged, policy("ManagedPolicyName", "dynamodb:Scan",
                                      R"(,"Path":"/x/","Description":"d")"))
                  .front(),
              HasSubstr("Description: (empty) → d needs another policy"));
}

TEST_F(IamPoliciesTest, UsersAreAddedToAGroup) {
  const std::string wanted = R"({"GroupName":"readers","Users":["alice"]})";
  EXPECT_THAT(deploy("AWS::IAM::UserToGroupAddition", wanted),
              ElementsAre("for user alice", "AddUserToGroup alice"));
  EXPECT_THAT(deploy("AWS::IAM::UserToGroupAddition", wanted), IsEmpty());
}

TEST(GrantsTest, AreWhatPoliciesGive) {
  const Setting setting{
      .stack_name = "demo", .directory = ".", .region = "r", .account_id = "123456789012"};
  const auto grants = [&](const std::string& type, const std::string& properties) {
    std::string told;
    for (const Grant& grant : grants_of(
             {.logical_id = "Thing", .type = type, .properties = parsed(properties), .path = ""},
             setting)) {
      told += grant.kind + " " + grant.name + " " + grant.property + " " + grant.value + "\n";
    }
    return told;
  };
  EXPECT_EQ(grants(kInline, R"({"PolicyName":"p","Roles":["r"],"Groups":["g"]})"),
            "Group g Policies p\nRole r Policies p\n");
  EXPECT_EQ(grants(kManaged, R"({"Users":["u"]})"),
            "User u ManagedPolicyArns arn:aws:iam::123456789012:policy/demo-Thing\n");
  EXPECT_EQ(grants("AWS::IAM::UserToGroupAddition", R"({"GroupName":"g","Users":["u"]})"),
            "User u Groups g\n");
  EXPECT_EQ(grants("AWS::IAM::Role", R"({"Roles":["r"]})"), "");
}

}  // namespace
}  // namespace millrace::cli::resources
