#include "policy/decision.h"

#include <gtest/gtest.h>

#include "policy/question_testing.h"

namespace millrace::policy {
namespace {

constexpr std::string_view kGetItem = "dynamodb:GetItem";
constexpr const char* kAll = "'Action':'*','Resource':'*'";
constexpr const char* kReads = "'Action':['dynamodb:Get*','dynamodb:Query'],'Resource':'*'";

Decision decide_for(const auth::Principal& principal, const PolicySet& policies,
                    const Policy* resource = nullptr, const FakeContext& context = {}) {
  return decide(policies, resource, {kGetItem, kTableArn, principal, context});
}

bool is(const Decision& decision, Verdict verdict, PolicyType type) {
  return decision.verdict == verdict && decision.decided_by == type;
}

PolicySet with_identity(std::initializer_list<PolicyPointer> identity) {
  PolicySet set;
  set.identity = identity;
  return set;
}

TEST(DecisionTest, StatementsApplyToActionsAndResources) {
  struct Case {
    const char* elements;
    bool expected;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"'Action':'*','Resource':'*'", true},
           {"'Action':'DYNAMODB:getitem','Resource':'*'", true},
           {"'Action':'dynamodb:Get?tem','Resource':'*'", true},
           {"'Action':'dynamodb:PutItem','Resource':'*'", false},
           {"'NotAction':'dynamodb:PutItem','Resource':'*'", true},
           {"'NotAction':['a:b','dynamodb:*'],'Resource':'*'", false},
           {"'Action':'*','Resource':'arn:aws:dynamodb:*:*:table/Music'", true},
           {"'Action':'*','Resource':'arn:aws:dynamodb:*'", true},
           {"'Action':'*','Resource':'arn:aws:dynamodb'", true},
           {"'Action':'*','Resource':'arn:aws:dynamodb:*:*:*/Music'", true},
           {"'Action':'*','Resource':'arn:*:*table/Music'", false},
           {"'Action':'*','Resource':'arn:aws:*:*:*:*sic'", true},
           {"'Action':'*','Resource':'arn:aws:dynamodb:*:*:table/music'", false},
           {"'Action':'*','Resource':'arn:aws:dynamodb:*:*:table/Music/index/*'", false},
           {"'Action':'*','NotResource':'arn:aws:dynamodb:*:*:table/Music'", false},
           {"'Action':'*','NotResource':'arn:aws:dynamodb:*:*:table/${aws:username}'", true},
           {"'Action':'*','Resource':'*','Condition':{'StringEquals':{'aws:username':'alice'},"
            "'Bool':{'aws:SecureTransport':'false'}}}",
            true},
           {"'Action':'*','Resource':'*','Condition':{'StringEquals':{'aws:username':'alice'},"
            "'Bool':{'aws:SecureTransport':'true'}}",
            false},
       }) {
    std::string elements = each.elements;
    if (elements.ends_with("}}}")) elements.pop_back();
    const auth::Principal principal = alice();
    const FakeContext context(FakeContext::Values{{"aws:SecureTransport", {"false"}}});
    const auto policy = identity_policy("Allow", elements);
    EXPECT_EQ(decide_for(principal, with_identity({policy}), nullptr, context).allowed(),
              each.expected)
        << each.elements;
  }
}

TEST(DecisionTest, DenyGoesOverAllow) {
  const auto allow = identity_policy("Allow", kAll);
  const auto deny = identity_policy("Deny", kReads);
  EXPECT_TRUE(is(decide_for(alice(), {}), Verdict::kImplicitDeny, PolicyType::kIdentity));
  EXPECT_TRUE(decide_for(alice(), with_identity({allow})).allowed());
  EXPECT_TRUE(is(decide_for(alice(), with_identity({allow, deny})), Verdict::kExplicitDeny,
                 PolicyType::kIdentity));
}

TEST(DecisionTest, BoundaryLimits) {
  PolicySet set = with_identity({identity_policy("Allow", kAll)});
  set.boundary = identity_policy("Allow", kReads);
  EXPECT_TRUE(decide_for(alice(), set).allowed());
  set.boundary = identity_policy("Allow", "'Action':'dynamodb:PutItem','Resource':'*'");
  EXPECT_TRUE(is(decide_for(alice(), set), Verdict::kImplicitDeny, PolicyType::kBoundary));
  set.boundary = identity_policy("Deny", kReads);
  EXPECT_TRUE(is(decide_for(alice(), set), Verdict::kExplicitDeny, PolicyType::kBoundary));
  // It allows nothing by itself.
  set.identity.clear();
  set.boundary = identity_policy("Allow", kAll);
  EXPECT_TRUE(is(decide_for(alice(), set), Verdict::kImplicitDeny, PolicyType::kIdentity));
}

TEST(DecisionTest, SessionPoliciesLimit) {
  PolicySet set = with_identity({identity_policy("Allow", kAll)});
  set.has_session = true;
  EXPECT_TRUE(is(decide_for(worker(), set), Verdict::kImplicitDeny, PolicyType::kSession));
  set.session = {identity_policy("Allow", "'Action':'a:b','Resource':'*'"),
                 identity_policy("Allow", kReads)};
  EXPECT_TRUE(decide_for(worker(), set).allowed());
  set.session.push_back(identity_policy("Deny", kReads));
  EXPECT_TRUE(is(decide_for(worker(), set), Verdict::kExplicitDeny, PolicyType::kSession));
}

struct ResourceCase {
  const char* principal;
  bool alone;    // allowed without an identity policy
  bool limited;  // allowed when neither the boundary nor the session allow it
  bool denied;   // what a Deny for the same principal does
};

void expect_resource(const auth::Principal& principal, const ResourceCase& each) {
  const std::string elements =
      std::string("'Principal':") + each.principal + ",'Action':'dynamodb:*','Resource':'*'";
  const auto allow = resource_policy("Allow", elements);
  const auto deny = resource_policy("Deny", elements);
  EXPECT_EQ(decide_for(principal, {}, allow.get()).allowed(), each.alone) << each.principal;
  PolicySet limits;
  limits.boundary = identity_policy("Allow", "'Action':'a:b','Resource':'*'");
  limits.has_session = principal.type == auth::PrincipalType::kAssumedRole;
  EXPECT_EQ(decide_for(principal, limits, allow.get()).allowed(), each.limited) << each.principal;
  const PolicySet everything = with_identity({identity_policy("Allow", kAll)});
  EXPECT_TRUE(decide_for(principal, everything, allow.get()).allowed()) << each.principal;
  EXPECT_EQ(is(decide_for(principal, everything, deny.get()), Verdict::kExplicitDeny,
               PolicyType::kResource),
            each.denied)
      << each.principal;
}

TEST(DecisionTest, ResourcePoliciesOfUsers) {
  for (const ResourceCase& each : std::initializer_list<ResourceCase>{
           {"{'AWS':'arn:aws:iam::123456789012:user/alice'}", true, true, true},
           {"{'AWS':'AIDAALICEALICEALICE12'}", true, true, true},
           {"'*'", true, false, true},
           {"{'AWS':'*'}", true, false, true},
           {"{'AWS':'123456789012'}", false, false, true},
           {"{'AWS':'arn:aws:iam::123456789012:root'}", false, false, true},
           {"{'AWS':'arn:aws:iam::123456789012:user/Alice'}", false, false, false},
           {"{'AWS':'210987654321'}", false, false, false},
           {"{'Service':'lambda.amazonaws.com'}", false, false, false},
           {"{'Federated':'accounts.google.com'}", false, false, false},
       }) {
    expect_resource(alice(), each);
  }
}

TEST(DecisionTest, ResourcePoliciesOfRoleSessions) {
  for (const ResourceCase& each : std::initializer_list<ResourceCase>{
           {"{'AWS':'arn:aws:sts::123456789012:assumed-role/worker/run'}", true, true, true},
           {"{'AWS':'arn:aws:iam::123456789012:role/worker'}", true, false, true},
           {"{'AWS':'AROAWORKERWORKERWORK'}", true, false, true},
           {"{'AWS':'arn:aws:sts::123456789012:assumed-role/worker/other'}", false, false, false},
           {"{'AWS':'123456789012'}", false, false, true},
       }) {
    expect_resource(worker(), each);
  }
}

TEST(DecisionTest, NotPrincipal) {
  const PolicySet everything = with_identity({identity_policy("Allow", kAll)});
  const auto denied_by = [&](const auth::Principal& principal, const char* names) {
    const auto policy = resource_policy(
        "Deny", std::string("'NotPrincipal':{'AWS':") + names + "},'Action':'*','Resource':'*'");
    return !decide_for(principal, everything, policy.get()).allowed();
  };
  constexpr const char* kAlice = "'arn:aws:iam::123456789012:user/alice'";
  EXPECT_FALSE(denied_by(alice(), kAlice));
  EXPECT_TRUE(denied_by(worker(), kAlice));
  EXPECT_TRUE(denied_by(alice(), "'arn:aws:iam::123456789012:root'"));
  EXPECT_TRUE(denied_by(worker(), "'arn:aws:iam::123456789012:role/worker'"));
  EXPECT_FALSE(denied_by(worker(), "'arn:aws:sts::123456789012:assumed-role/worker/run'"));
  const auto allow =
      resource_policy("Allow", "'NotPrincipal':{'AWS':'123456789012'},'Action':'*','Resource':'*'");
  EXPECT_FALSE(decide_for(alice(), {}, allow.get()).allowed());
}

TEST(DecisionTest, RootAndServicesOfTheServer) {
  PolicySet set;
  set.unrestricted = true;
  const auto deny =
      resource_policy("Deny", "'Principal':'*','Action':'dynamodb:GetItem','Resource':'*'");
  EXPECT_TRUE(decide_for(root(), set).allowed());
  EXPECT_TRUE(
      is(decide_for(root(), set, deny.get()), Verdict::kExplicitDeny, PolicyType::kResource));
  EXPECT_TRUE(decide_for(service("lambda.amazonaws.com"), set, deny.get()).allowed());
  const auto allow = resource_policy(
      "Allow", "'Principal':{'Service':'dynamodb.amazonaws.com'},'Action':'*','Resource':'*'");
  EXPECT_TRUE(decide_for(service("dynamodb.amazonaws.com"), {}, allow.get()).allowed());
  EXPECT_TRUE(is(decide_for(service("lambda.amazonaws.com"), {}, allow.get()),
                 Verdict::kImplicitDeny, PolicyType::kResource));
}

TEST(DecisionTest, TrustPolicies) {
  constexpr std::string_view kRole = "arn:aws:iam::123456789012:role/worker";
  const FakeContext context(FakeContext::Values{{"sts:ExternalId", {"secret"}}});
  const auth::Principal user = alice();
  const Question question{"sts:AssumeRole", kRole, user, context};
  const auto trust = [](const char* principal, const char* condition = "{}") {
    return policy_of(std::string("{'Version':'2012-10-17','Statement':{'Effect':'Allow',"
                                 "'Principal':") +
                         principal + ",'Action':'sts:AssumeRole','Condition':" + condition + "}}",
                     DocumentKind::kRoleTrust);
  };
  const auto account = trust("{'AWS':'123456789012'}");
  const auto by_name = trust("{'AWS':'arn:aws:iam::123456789012:user/alice'}");
  const auto other = trust("{'AWS':'arn:aws:iam::123456789012:user/bob'}");
  EXPECT_TRUE(decide_trust(*account, question).allowed());
  EXPECT_TRUE(decide_trust(*by_name, question).allowed());
  EXPECT_TRUE(is(decide_trust(*other, question), Verdict::kImplicitDeny, PolicyType::kRoleTrust));

  const PolicySet everything = with_identity({identity_policy("Allow", kAll)});
  const PolicySet denied = with_identity({identity_policy("Deny", kAll)});
  EXPECT_TRUE(decide_trust(PolicySet(), *by_name, question).allowed());
  EXPECT_TRUE(is(decide_trust(PolicySet(), *account, question), Verdict::kImplicitDeny,
                 PolicyType::kIdentity));
  EXPECT_TRUE(decide_trust(everything, *account, question).allowed());
  EXPECT_TRUE(is(decide_trust(everything, *other, question), Verdict::kImplicitDeny,
                 PolicyType::kRoleTrust));
  EXPECT_TRUE(
      is(decide_trust(denied, *by_name, question), Verdict::kExplicitDeny, PolicyType::kIdentity));

  EXPECT_TRUE(
      decide_trust(*trust("{'AWS':'123456789012'}", "{'StringEquals':{'sts:ExternalId':'secret'}}"),
                   question)
          .allowed());
  EXPECT_FALSE(
      decide_trust(*trust("{'AWS':'123456789012'}", "{'StringEquals':{'sts:ExternalId':'other'}}"),
                   question)
          .allowed());
  const auth::Principal lambda = service("lambda.amazonaws.com");
  EXPECT_TRUE(decide_trust(*trust("{'Service':'lambda.amazonaws.com'}"),
                           {"sts:AssumeRole", kRole, lambda, context})
                  .allowed());
}

TEST(DecisionTest, Messages) {
  const auth::Principal user = alice();
  const FakeContext context;
  const Question question{kGetItem, kTableArn, user, context};
  const std::string before =
      "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: dynamodb:GetItem "
      "on resource: " +
      std::string(kTableArn);
  struct Case {
    Verdict verdict;
    PolicyType type;
    const char* reason;
  };
  using enum Verdict;
  using enum PolicyType;
  for (const Case& each : std::initializer_list<Case>{
           {kImplicitDeny, kIdentity,
            " because no identity-based policy allows the dynamodb:GetItem action"},
           {kImplicitDeny, kResource,
            " because no resource-based policy allows the dynamodb:GetItem action"},
           {kImplicitDeny, kBoundary,
            " because no permissions boundary allows the dynamodb:GetItem action"},
           {kImplicitDeny, kSession,
            " because no session policy allows the dynamodb:GetItem action"},
           {kImplicitDeny, kRoleTrust,
            " because no role trust policy allows the dynamodb:GetItem action"},
           {kExplicitDeny, kIdentity, " with an explicit deny in an identity-based policy"},
           {kExplicitDeny, kResource, " with an explicit deny in a resource-based policy"},
           {kExplicitDeny, kBoundary, " with an explicit deny in a permissions boundary"},
           {kExplicitDeny, kSession, " with an explicit deny in a session policy"},
           {kExplicitDeny, kRoleTrust, " with an explicit deny in the role trust policy"},
       }) {
    EXPECT_EQ(denial_message({each.verdict, each.type}, question), before + each.reason);
  }
}

TEST(DecisionTest, ContextKeys) {
  const auto policy = identity_policy(
      "Allow",
      "'Action':'*','Resource':['arn:aws:a:::${aws:username}','arn:aws:a:::${*}'],'Condition':{"
      "'StringLike':{'app:b':['${app:c}','${aws:username}']},'Bool':{'app:a':'true'}}");
  EXPECT_EQ(context_keys(*policy),
            (std::vector<std::string>{"app:a", "app:b", "app:c", "aws:username"}));
}

TEST(DecisionTest, PrincipalKeys) {
  struct Case {
    auth::Principal principal;
    const char* key;
    const char* value;  // nullptr: none
  };
  for (const Case& each : std::vector<Case>{
           {alice(), "aws:username", "alice"},
           {alice(), "AWS:UserName", "alice"},
           {alice(), "aws:userid", "AIDAALICEALICEALICE12"},
           {alice(), "aws:PrincipalArn", "arn:aws:iam::123456789012:user/alice"},
           {alice(), "aws:PrincipalAccount", "123456789012"},
           {alice(), "aws:PrincipalType", "User"},
           {alice(), "aws:principaltag/Team", "blue"},
           {alice(), "aws:PrincipalTag/other", nullptr},
           {alice(), "aws:PrincipalIsAWSService", "false"},
           {alice(), "aws:PrincipalServiceName", nullptr},
           {alice(), "aws:TokenIssueTime", nullptr},
           {worker(), "aws:username", nullptr},
           {worker(), "aws:userid", "AROAWORKERWORKERWORK:run"},
           {worker(), "aws:PrincipalArn", "arn:aws:iam::123456789012:role/worker"},
           {worker(), "aws:PrincipalType", "AssumedRole"},
           {worker(), "aws:TokenIssueTime", "2023-11-14T22:13:20.000Z"},
           {root(), "aws:PrincipalType", "Account"},
           {root(), "aws:userid", "123456789012"},
           {service("lambda.amazonaws.com"), "aws:PrincipalIsAWSService", "true"},
           {service("lambda.amazonaws.com"), "aws:PrincipalServiceName", "lambda.amazonaws.com"},
           {service("lambda.amazonaws.com"), "aws:PrincipalType", nullptr},
       }) {
    const std::string condition =
        each.value != nullptr
            ? std::string("{'StringEquals':{'") + each.key + "':'" + each.value + "'}}"
            : std::string("{'Null':{'") + each.key + "':'true'}}";
    const auto policy = identity_policy("Allow", std::string(kAll) + ",'Condition':" + condition);
    const FakeContext context;
    EXPECT_EQ(evaluate(*policy, {kGetItem, kTableArn, each.principal, context}), Verdict::kAllowed)
        << condition;
  }
}

}  // namespace
}  // namespace millrace::policy
