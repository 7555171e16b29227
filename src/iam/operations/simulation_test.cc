#include "iam/operations/operations_testing.h"

namespace millrace::iam {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:000000000000:table/t";

class SimulationTest : public OperationsTest {
 protected:
  static std::string statement(const std::string& effect, const std::string& action,
                               const std::string& more = "") {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":")" + effect + R"(","Action":")" +
           action + R"(","Resource":"*")" + more + "}]}";
  }
  static std::string list(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
      out += (out.empty() ? "\"" : ",\"") + escaped(text) + "\"";
    }
    return "[" + out + "]";
  }
  std::string simulate(const std::vector<std::string>& policies, const std::string& more = "",
                       const std::vector<std::string>& actions = {"dynamodb:GetItem"}) {
    return run(simulate_custom_policy, R"({"PolicyInputList":)" + list(policies) +
                                           R"(,"ActionNames":)" + list(actions) + more + "}");
  }
};

TEST_F(SimulationTest, DecidesAndSaysByWhat) {
  EXPECT_EQ(simulate({statement("Allow", "s3:*"), statement("Allow", "dynamodb:Get*")}),
            R"({"EvaluationResults":[{"EvalActionName":"dynamodb:GetItem","EvalResourceName":"*",)"
            R"("EvalDecision":"allowed","MatchedStatements":[{"SourcePolicyId":)"
            R"("PolicyInputList.2","SourcePolicyType":"IAM Policy"}],"MissingContextValues":[]}],)"
            R"("IsTruncated":false})");
  EXPECT_THAT(simulate({statement("Allow", "*"), statement("Deny", "dynamodb:*")}),
              HasSubstr(R"("EvalDecision":"explicitDeny","MatchedStatements":[{"SourcePolicyId":)"
                        R"("PolicyInputList.2")"));
  EXPECT_THAT(simulate({statement("Allow", "s3:*")}),
              HasSubstr(R"("EvalDecision":"implicitDeny","MatchedStatements":[])"));
}

TEST_F(SimulationTest, ContextEntries) {
  const std::string policy =
      statement("Allow", "*", R"(,"Condition":{"StringEquals":{"aws:Custom":"x"}})");
  EXPECT_THAT(simulate({policy}), HasSubstr(R"("EvalDecision":"implicitDeny","MatchedStatements":)"
                                            R"([],"MissingContextValues":["aws:Custom"])"));
  const std::string entry =
      R"(,"ContextEntries":[{"ContextKeyName":"AWS:custom","ContextKeyType":"string",)"
      R"("ContextKeyValues":["x"]}])";
  EXPECT_THAT(simulate({policy}, entry), HasSubstr(R"("EvalDecision":"allowed")"));
  EXPECT_EQ(simulate({policy}, R"(,"ContextEntries":[{"ContextKeyName":"a:key",)"
                               R"("ContextKeyType":"numeric","ContextKeyValues":["x"]}])"),
            "InvalidInput: Value x of context key a:key is not of type numeric.");
  EXPECT_EQ(simulate({policy}, R"(,"ContextEntries":[{"ContextKeyName":"a:key",)"
                               R"("ContextKeyType":"string","ContextKeyValues":[]}])"),
            "InvalidInput: Context key a:key of type string must have exactly one value.");
}

TEST_F(SimulationTest, Boundaries) {
  const std::string boundary = R"(,"PermissionsBoundaryPolicyInputList":)";
  EXPECT_THAT(simulate({statement("Allow", "*")}, boundary + list({statement("Allow", "s3:*")})),
              ::testing::AllOf(HasSubstr(R"("EvalDecision":"implicitDeny")"),
                               HasSubstr(R"({"AllowedByPermissionsBoundary":false})")));
  EXPECT_THAT(simulate({statement("Allow", "*")}, boundary + list({statement("Allow", "*")})),
              ::testing::AllOf(HasSubstr(R"("EvalDecision":"allowed")"),
                               HasSubstr(R"({"AllowedByPermissionsBoundary":true})")));
}

TEST_F(SimulationTest, ResourcesAndPages) {
  const std::string resources = R"(,"ResourceArns":)" + list({std::string(kTable), "*"});
  const std::string first = simulate({statement("Allow", "*")}, resources + R"(,"MaxItems":3)",
                                     {"dynamodb:GetItem", "dynamodb:PutItem"});
  EXPECT_THAT(first, HasSubstr(R"("IsTruncated":true,"Marker":"Mw=="})"));
  const std::string second = simulate({statement("Allow", "*")}, resources + R"(,"Marker":"Mw==")",
                                      {"dynamodb:GetItem", "dynamodb:PutItem"});
  EXPECT_THAT(second, HasSubstr(R"([{"EvalActionName":"dynamodb:PutItem","EvalResourceName":"*")"));
  EXPECT_THAT(second, HasSubstr(R"("IsTruncated":false})"));
}

TEST_F(SimulationTest, WhatItRefuses) {
  const std::string policy = statement("Allow", "*");
  EXPECT_EQ(simulate({policy}, "", {"GetItem"}),
            "InvalidInput: GetItem is not the name of a service and an operation.");
  EXPECT_EQ(simulate({policy}, R"(,"ResourceArns":["t"])"), "InvalidInput: ARN t is not valid.");
  EXPECT_THAT(simulate({policy}, R"(,"ResourceHandlingOption":"EC2-VPC-InstanceStore")"),
              HasSubstr("InvalidInput: ResourceHandlingOption "));
  EXPECT_THAT(simulate({policy}, R"(,"ResourceOwner":"123456789012")"),
              HasSubstr("InvalidInput: ResourceOwner "));
  EXPECT_THAT(simulate({policy}, R"(,"CallerArn":"arn:aws:iam::000000000000:role/r")"),
              HasSubstr("InvalidInput: CallerArn "));
  EXPECT_THAT(simulate({"{"}), HasSubstr("MalformedPolicyDocument: "));
  EXPECT_THAT(simulate({std::string(131'073, ' ')}), HasSubstr("InvalidInput: The policies "));
}

TEST_F(SimulationTest, OfAUserAndHisGroups) {
  must(create_user, R"({"UserName":"a"})");
  must(create_group, R"({"GroupName":"g"})");
  must(add_user_to_group, R"({"UserName":"a","GroupName":"g"})");
  const std::string arn = must_create_policy("Managed");
  must(attach_policy<Group>, R"({"GroupName":"g","PolicyArn":")" + arn + "\"}");
  must(put_inline_policy<User>,
       R"({"UserName":"a","PolicyName":"Own","PolicyDocument":")" +
           escaped(statement("Allow", "dynamodb:PutItem",
                             R"(,"Condition":{"StringEquals":{"aws:username":"a"}})")) +
           "\"}");
  const auto simulated = [&](const std::string& action) {
    return run(simulate_principal_policy,
               R"({"PolicySourceArn":"arn:aws:iam::000000000000:user/a","ActionNames":[")" +
                   action + "\"]}");
  };
  EXPECT_THAT(simulated("dynamodb:GetItem"), HasSubstr(R"({"SourcePolicyId":"Managed",)"));
  EXPECT_THAT(simulated("dynamodb:PutItem"), HasSubstr(R"({"SourcePolicyId":"user_a_Own",)"));
  EXPECT_THAT(simulated("dynamodb:Scan"), HasSubstr(R"("EvalDecision":"implicitDeny")"));
  EXPECT_EQ(run(simulate_principal_policy,
                R"({"PolicySourceArn":"arn:aws:iam::000000000000:root","ActionNames":["a:b"]})"),
            "InvalidInput: Invalid Entity Arn: arn:aws:iam::000000000000:root does not clearly "
            "define entity type and name.");
  EXPECT_EQ(run(simulate_principal_policy,
                R"({"PolicySourceArn":"arn:aws:iam::000000000000:role/r","ActionNames":["a:b"]})"),
            "NoSuchEntity: The role with name r cannot be found.");
  EXPECT_EQ(run(get_context_keys_for_principal_policy,
                R"({"PolicySourceArn":"arn:aws:iam::000000000000:user/a"})"),
            R"({"ContextKeyNames":["aws:username"]})");
}

TEST_F(SimulationTest, ResourcePolicies) {
  const std::string resource_policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem",)"
      R"("Principal":{"AWS":"arn:aws:iam::000000000000:user/a"},"Resource":")" +
      std::string(kTable) + R"("}]})";
  const std::string more = R"(,"ResourceArns":[")" + std::string(kTable) +
                           R"("],"ResourcePolicy":")" + escaped(resource_policy) + "\"";
  EXPECT_THAT(simulate({statement("Allow", "s3:*")}, more),
              HasSubstr("InvalidInput: CallerArn is required"));
  EXPECT_THAT(
      simulate({statement("Allow", "s3:*")},
               more + R"(,"CallerArn":"arn:aws:iam::000000000000:user/a")"),
      ::testing::AllOf(HasSubstr(R"("EvalDecision":"allowed")"), HasSubstr("ResourcePolicy")));
  EXPECT_THAT(simulate({statement("Allow", "s3:*")},
                       more + R"(,"CallerArn":"arn:aws:iam::000000000000:user/b")"),
              HasSubstr(R"("EvalDecision":"implicitDeny")"));
}

TEST_F(SimulationTest, ContextKeysOfPolicies) {
  const std::string policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":)"
      R"(["arn:aws:s3:::${aws:username}/${*}"],"Condition":)"
      R"({"Null":{"aws:TokenIssueTime":"true"},"StringLike":{"aws:PrincipalArn":"${aws:userid}"}}}]})";
  const std::string other =
      statement("Deny", "*", R"(,"Condition":{"Null":{"aws:userID":"true"}})");
  EXPECT_EQ(run(get_context_keys_for_custom_policy,
                R"({"PolicyInputList":)" + list({policy, other}) + "}"),
            R"({"ContextKeyNames":["aws:PrincipalArn","aws:TokenIssueTime","aws:userid",)"
            R"("aws:username"]})");
}

}  // namespace
}  // namespace millrace::iam
