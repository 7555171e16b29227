#include "iam/operations/operations_testing.h"

namespace millrace::iam {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PoliciesTest : public OperationsTest {
 protected:
  std::string with_arn(const std::string& arn, const std::string& more = "") {
    return R"({"PolicyArn":")" + arn + "\"" + more + "}";
  }
  std::string document_member(std::string_view document) {
    return R"("PolicyDocument":")" + escaped(document) + "\"";
  }
  // A policy of that many characters, and as much white space.
  static std::string document_of_size(size_t characters) {
    std::string document(kAllowGet);
    document.pop_back();
    document += R"(,"Id":")";
    document += std::string(characters - document.size() - 2, 'a') + "\"}";
    return std::string(characters, ' ') + document;
  }
};

TEST_F(PoliciesTest, AreMadeAndShown) {
  EXPECT_THAT(
      run(create_policy, R"({"PolicyName":"P","Path":"/a/","Description":"d",)" +
                             document_member(kAllowGet) + "}"),
      HasSubstr(R"("Arn":"arn:aws:iam::000000000000:policy/a/P","Path":"/a/",)"
                R"("DefaultVersionId":"v1","AttachmentCount":0,)"
                R"("PermissionsBoundaryUsageCount":0,"IsAttachable":true,"Description":"d",)"));
  EXPECT_EQ(run(create_policy, R"({"PolicyName":"p",)" + document_member(kAllowGet) + "}"),
            "EntityAlreadyExists: A policy called p already exists. Duplicate names are not "
            "allowed.");
  EXPECT_THAT(run(create_policy, R"({"PolicyName":"q","PolicyDocument":"x"})"),
              HasSubstr("MalformedPolicyDocument: "));
  EXPECT_EQ(
      run(create_policy, R"({"PolicyName":"q",)" + document_member(document_of_size(6145)) + "}"),
      "LimitExceeded: Cannot exceed quota for PolicySize: 6144");
  must(create_policy, R"({"PolicyName":"q",)" + document_member(document_of_size(6144)) + "}");
  EXPECT_EQ(run(get_policy, with_arn("arn:aws:iam::000000000000:policy/none")),
            "NoSuchEntity: Policy arn:aws:iam::000000000000:policy/none was not found.");
  EXPECT_EQ(run(get_policy, with_arn("not-an-arn-of-anything")),
            "InvalidInput: ARN not-an-arn-of-anything is not valid.");
}

TEST_F(PoliciesTest, Versions) {
  const std::string arn = must_create_policy("P");
  const std::string more = "," + document_member(kAllowGet);
  EXPECT_EQ(run(create_policy_version, with_arn(arn, more + R"(,"SetAsDefault":true)")),
            R"({"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,)"
            R"("CreateDate":"2026-01-02T03:04:05Z"}})");
  for (int i = 0; i < 3; ++i) must(create_policy_version, with_arn(arn, more));
  EXPECT_EQ(run(create_policy_version, with_arn(arn, more)),
            "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new "
            "version, you must delete an existing version.");
  EXPECT_EQ(run(delete_policy_version, with_arn(arn, R"(,"VersionId":"v2")")),
            "DeleteConflict: Cannot delete the default version of a policy.");
  must(delete_policy_version, with_arn(arn, R"(,"VersionId":"v5")"));
  must(create_policy_version, with_arn(arn, more));
  const std::string listed = run(list_policy_versions, with_arn(arn));
  EXPECT_LT(listed.find("\"v6\""), listed.find("\"v4\""));
  EXPECT_THAT(listed, Not(HasSubstr("\"v5\"")));
  EXPECT_THAT(run(get_policy_version, with_arn(arn, R"(,"VersionId":"v1")")),
              HasSubstr(R"("Document":"%7B%22Version%22%3A%222012-10-17%22%2C)"));
  EXPECT_EQ(run(set_default_policy_version, with_arn(arn, R"(,"VersionId":"v5")")),
            "NoSuchEntity: Policy " + arn + " version v5 does not exist or is not attachable.");
  must(set_default_policy_version, with_arn(arn, R"(,"VersionId":"v1")"));
  EXPECT_EQ(run(delete_policy, with_arn(arn)),
            "DeleteConflict: This policy has more than one version. Before you delete a policy, "
            "you must delete the policy's versions. The default version is deleted with the "
            "policy.");
}

TEST_F(PoliciesTest, ThatComeWithTheServerStayAsTheyAre) {
  const std::string arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  for (const ChangeOperation operation : {delete_policy, create_policy_version, tag_policy}) {
    EXPECT_THAT(run(operation, with_arn(arn)),
                HasSubstr("AccessDeniedException: User: arn:aws:iam::000000000000:root is not "
                          "authorized to perform: iam:"));
  }
}

TEST_F(PoliciesTest, AreAttached) {
  must(create_user, R"({"UserName":"a"})");
  must(create_group, R"({"GroupName":"g"})");
  const std::string arn = must_create_policy("P");
  EXPECT_EQ(run(attach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "x\"}"),
            "NoSuchEntity: Policy " + arn + "x does not exist or is not attachable.");
  must(attach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}");
  must(attach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}");
  must(attach_policy<Group>, R"({"GroupName":"g","PolicyArn":")" + arn + "\"}");
  EXPECT_EQ(run(list_attached_policies<User>, R"({"UserName":"a"})"),
            R"({"AttachedPolicies":[{"PolicyName":"P","PolicyArn":")" + arn +
                R"("}],"IsTruncated":false})");
  EXPECT_THAT(run(get_policy, with_arn(arn)), HasSubstr(R"("AttachmentCount":2)"));
  EXPECT_EQ(run(delete_policy, with_arn(arn)),
            "DeleteConflict: Cannot delete a policy attached to entities.");
  const std::string first = run(list_entities_for_policy, with_arn(arn, R"(,"MaxItems":1)"));
  EXPECT_THAT(first, HasSubstr(R"({"PolicyGroups":[{"GroupName":"g","GroupId":"AGPA)"));
  EXPECT_THAT(first, HasSubstr(R"("PolicyUsers":[],"PolicyRoles":[],"IsTruncated":true)"));
  EXPECT_THAT(run(list_entities_for_policy, with_arn(arn, R"(,"EntityFilter":"User")")),
              HasSubstr(R"({"PolicyGroups":[],"PolicyUsers":[{"UserName":"a",)"));
  must(detach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}");
  EXPECT_EQ(run(detach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}"),
            "NoSuchEntity: Policy " + arn + " was not found.");
  for (int i = 0; i < 10; ++i) {
    must(attach_policy<User>,
         R"({"UserName":"a","PolicyArn":")" + must_create_policy(fmt::format("P{}", i)) + "\"}");
  }
  EXPECT_EQ(run(attach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}"),
            "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10");
}

TEST_F(PoliciesTest, AreListed) {
  must(create_user, R"({"UserName":"a"})");
  const std::string arn = must_create_policy("B");
  must_create_policy("a");
  EXPECT_THAT(run(list_policies, R"({"Scope":"AWS"})"), HasSubstr(R"({"Policies":[])"));
  EXPECT_THAT(run(list_policies, R"({"OnlyAttached":true})"), HasSubstr(R"({"Policies":[])"));
  must(put_boundary<User>, R"({"UserName":"a","PermissionsBoundary":")" + arn + "\"}");
  EXPECT_THAT(run(list_policies, R"({"PolicyUsageFilter":"PermissionsBoundary"})"),
              HasSubstr(R"({"Policies":[{"PolicyName":"B")"));
  EXPECT_THAT(run(list_policies, R"({"PolicyUsageFilter":"PermissionsPolicy"})"),
              HasSubstr(R"({"Policies":[])"));
  EXPECT_THAT(run(get_user, R"({"UserName":"a"})"),
              HasSubstr(R"("PermissionsBoundary":{"PermissionsBoundaryType":"Policy",)"
                        R"("PermissionsBoundaryArn":")" +
                        arn));
  EXPECT_EQ(run(put_boundary<User>, R"({"UserName":"a","PermissionsBoundary":")" + arn + "x\"}"),
            "NoSuchEntity: Scope ARN: " + arn + "x does not exist or is not attachable.");
  must(delete_boundary<User>, R"({"UserName":"a"})");
  must(delete_policy, with_arn(arn));
}

TEST_F(PoliciesTest, Inline) {
  must(create_group, R"({"GroupName":"g"})");
  const auto put = [&](const std::string& name, std::string_view document) {
    return run(put_inline_policy<Group>, R"({"GroupName":"g","PolicyName":")" + name + "\"," +
                                             document_member(document) + "}");
  };
  EXPECT_EQ(put("p", document_of_size(5000)), "");
  EXPECT_EQ(put("q", document_of_size(200)),
            "LimitExceeded: Maximum policy size of 5120 bytes exceeded for group g");
  EXPECT_EQ(put("p", kAllowGet), "");
  EXPECT_THAT(put("p", "{"), HasSubstr("MalformedPolicyDocument: "));
  EXPECT_EQ(run(list_inline_policies<Group>, R"({"GroupName":"g"})"),
            R"({"PolicyNames":["p"],"IsTruncated":false})");
  EXPECT_THAT(run(get_inline_policy<Group>, R"({"GroupName":"g","PolicyName":"p"})"),
              HasSubstr(R"({"GroupName":"g","PolicyName":"p","PolicyDocument":"%7B%22)"));
  EXPECT_EQ(run(get_inline_policy<Group>, R"({"GroupName":"g","PolicyName":"q"})"),
            "NoSuchEntity: The group policy with name q cannot be found.");
  EXPECT_EQ(run(delete_inline_policy<Group>, R"({"GroupName":"g","PolicyName":"p"})"), "");
}

TEST_F(PoliciesTest, Roles) {
  const std::string trust = R"("AssumeRolePolicyDocument":")" + escaped(kTrustLambdaPolicy) + "\"";
  EXPECT_THAT(run(create_role, R"({"RoleName":"R","MaxSessionDuration":7200,)" + trust + "}"),
              HasSubstr(R"("MaxSessionDuration":7200}})"));
  EXPECT_EQ(run(create_role, R"({"RoleName":"r",)" + trust + "}"),
            "EntityAlreadyExists: Role with name r already exists.");
  EXPECT_THAT(run(create_role,
                  R"({"RoleName":"s","AssumeRolePolicyDocument":")" + escaped(kAllowGet) + "\"}"),
              HasSubstr("MalformedPolicyDocument: "));
  EXPECT_EQ(run(create_role, R"({"RoleName":"s","AssumeRolePolicyDocument":")" +
                                 escaped(document_of_size(2049)) + "\"}"),
            "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048");
  must(update_role_description, R"({"RoleName":"R","Description":"d"})");
  EXPECT_EQ(run(update_role, R"({"RoleName":"R"})"), "{}");
  EXPECT_THAT(run(get_role, R"({"RoleName":"R"})"),
              HasSubstr(R"("Description":"d","MaxSessionDuration":3600)"));
  must(update_assume_role_policy,
       R"({"RoleName":"R",)" + document_member(kTrustLambdaPolicy) + "}");
  must(delete_role, R"({"RoleName":"r"})");
}

TEST_F(PoliciesTest, TheAccount) {
  must(create_user, R"({"UserName":"a"})");
  must_create_policy("P");
  EXPECT_THAT(run(get_account_summary, "{}"),
              HasSubstr(R"({"SummaryMap":{"entry":[{"key":"Users","value":1},)"));
  const std::string all = run(get_account_authorization_details, "{}");
  EXPECT_THAT(all, HasSubstr(R"("GroupList":[],"UserPolicyList":[])"));
  EXPECT_THAT(all, HasSubstr(R"("PolicyVersionList":[{"Document":"%7B)"));
  EXPECT_THAT(run(get_account_authorization_details, R"({"Filter":["Role"]})"),
              HasSubstr(R"({"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],)"
                        R"("Policies":[],"IsTruncated":false})"));
  const std::string first = run(get_account_authorization_details, R"({"MaxItems":1})");
  EXPECT_THAT(first, HasSubstr(R"("Policies":[],"IsTruncated":true,"Marker":"MWE="})"));
  for (int i = 0; i < 150; ++i) must(create_user, fmt::format(R"({{"UserName":"u{}"}})", i));
  EXPECT_THAT(run(get_account_authorization_details, R"({"MaxItems":1000})"),
              HasSubstr(R"("IsTruncated":true)"));
  must(create_account_alias, R"({"AccountAlias":"my-account"})");
  EXPECT_EQ(run(list_account_aliases, "{}"),
            R"({"AccountAliases":["my-account"],"IsTruncated":false})");
  EXPECT_EQ(run(delete_account_alias, R"({"AccountAlias":"other"})"),
            "NoSuchEntity: The account alias other cannot be found.");
  must(delete_account_alias, R"({"AccountAlias":"my-account"})");
}

}  // namespace
}  // namespace millrace::iam
