#include <fmt/format.h>
#include <gtest/gtest.h>

#include "iam/account_testing.h"
#include "iam/principals.h"
#include "iam/sts/role_trust.h"
#include "iam/sts/service.h"

namespace millrace::iam::sts {
namespace {

constexpr std::string_view kMayAssume =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]})";
constexpr std::string_view kMayNotAssume =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sts:*","Resource":"*"}]})";

// A statement that lets `principal` assume a role.
std::string trust_of(const std::string& principal, const std::string& condition = "{}") {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
         R"("Action":["sts:AssumeRole","sts:TagSession"],"Principal":{"AWS":")" +
         principal + R"("},"Condition":)" + condition + "}]}";
}

class StsTest : public ::testing::Test {
 protected:
  StsTest() {
    alice_key_ = account_.put_user("alice");
    alice_ = credentials_.find(alice_key_.access_key_id, "")->principal;
  }

  Result<std::string> run(const std::string& operation, const std::string& input,
                          const auth::PrincipalPointer& caller, bool enforced = true) {
    const api::QueryService service =
        sts_service({*account_.store, credentials_, clock_, account_.random, enforced});
    for (const api::JsonOperation& one : service.operations) {
      if (one.name != operation) continue;
      auto document = json::Document::parse(input).value();
      json::Object object;
      EXPECT_EQ(document.root().get(object), simdjson::SUCCESS);
      Result<std::string> answer = internal_error("no answer");
      one.run({object, caller, "host", "id"},
              [&](Result<std::string> given) { answer = std::move(given); });
      return answer;
    }
    return internal_error("no such operation");
  }
  // "CODE: message" of an error.
  std::string error(const std::string& operation, const std::string& input,
                    const auth::PrincipalPointer& caller, bool enforced = true) {
    const auto answer = run(operation, input, caller, enforced);
    if (answer.ok()) return "";
    return std::string(error_name(answer.error().code)) + ": " + answer.error().message;
  }
  // Whom the credentials of an answer belong to.
  auth::SigningIdentityPointer identity_in(const Result<std::string>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    if (!answer.ok()) return nullptr;
    auto document = json::Document::parse(*answer).value();
    const auto credentials = document.root()["Credentials"];
    return credentials_.find(std::string_view(credentials["AccessKeyId"]),
                             std::string_view(credentials["SessionToken"]));
  }
  static std::string role_request(const std::string& more = "") {
    return R"({"RoleArn":"arn:aws:iam::123456789012:role/worker","RoleSessionName":"job")" + more +
           "}";
  }
  std::string denied() {
    return "AccessDeniedException: User: " + alice_->arn +
           " is not authorized to perform: sts:AssumeRole on resource: "
           "arn:aws:iam::123456789012:role/worker";
  }
  void grant(std::string_view policy) {
    User user = *account_.store->account()->find_user("alice");
    user.grants.inline_policies["sts"] = document_of(policy, policy::DocumentKind::kIdentity);
    account_.put(user, "alice");
  }

  TestAccount account_;
  ManualClock clock_{1'000'000'000'000'000};
  Credentials credentials_{*account_.store, account_.box, clock_};
  AccessKey alice_key_;
  auth::PrincipalPointer alice_;
};

TEST_F(StsTest, AssumeRoleAnswersAsTheServiceDoes) {
  const Role role = account_.put_role("worker", trust_of(alice_->arn));
  const auto answer = run("AssumeRole", role_request(R"(,"DurationSeconds":900)"), alice_);
  const auto identity = identity_in(answer);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->principal->arn, "arn:aws:sts::123456789012:assumed-role/worker/job");
  EXPECT_EQ(identity->expires_at_seconds, 1'000'000'900);
  auto document = json::Document::parse(*answer).value();
  const json::Element root = document.root();
  EXPECT_EQ(std::string_view(root["Credentials"]["Expiration"]), "2001-09-09T02:01:40Z");
  EXPECT_EQ(std::string_view(root["Credentials"]["SecretAccessKey"]), identity->secret_access_key);
  EXPECT_EQ(std::string_view(root["AssumedRoleUser"]["AssumedRoleId"]), role.id + ":job");
  EXPECT_EQ(std::string_view(root["AssumedRoleUser"]["Arn"]), identity->principal->arn);
  EXPECT_EQ(root["PackedPolicySize"].error(), simdjson::NO_SUCH_FIELD);
}

TEST_F(StsTest, TheTrustPolicyDecides) {
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied()) << "no such role";
  account_.put_role("worker", kTrustLambda);
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
  grant(kMayAssume);
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied()) << "trust comes first";
  account_.put_role("worker", trust_of(alice_->arn));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), "");
  grant(kMayNotAssume);
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied()) << "a denial is one";
  EXPECT_EQ(
      error("AssumeRole", R"({"RoleArn":"worker-of-mine-1234","RoleSessionName":"j"})", alice_),
      "ValidationException: worker-of-mine-1234 is invalid");
}

TEST_F(StsTest, TheAccountLeavesItToTheCallersPolicies) {
  account_.put_role("worker", trust_of("arn:aws:iam::123456789012:root"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
  grant(kMayAssume);
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), "");
  account_.put_role("worker", trust_of("arn:aws:iam::999999999999:root"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
}

TEST_F(StsTest, ConditionsOfTheTrust) {
  account_.put_role("worker", trust_of(alice_->arn, R"({"StringEquals":{"sts:ExternalId":"e1"}})"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"ExternalId":"e2")"), alice_), denied());
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"ExternalId":"e1")"), alice_), "");
  account_.put_role("worker",
                    trust_of(alice_->arn, R"({"StringLike":{"sts:RoleSessionName":"j*"}})"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), "");
  account_.put_role("worker",
                    trust_of(alice_->arn, R"({"StringLike":{"aws:RequestTag/Team":"b*"}})"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"Tags":[{"Key":"team","Value":"blue"}])"), alice_),
            "");
  account_.put_role("worker",
                    trust_of(alice_->arn, R"({"DateLessThan":{"aws:CurrentTime":"2001-09-09"}})"));
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), denied());
}

TEST_F(StsTest, TagsNeedTheirOwnPermission) {
  account_.put_role("worker", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",
      "Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]})");
  EXPECT_EQ(error("AssumeRole", role_request(), alice_), "");
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"Tags":[{"Key":"a","Value":"b"}])"), alice_),
            "AccessDeniedException: User: " + alice_->arn +
                " is not authorized to perform: sts:TagSession on resource: "
                "arn:aws:iam::123456789012:role/worker");
}

TEST_F(StsTest, DurationsHaveTheirLimits) {
  Role role = account_.put_role("worker", trust_of("*"));
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"DurationSeconds":3601)"), alice_),
            "ValidationException: The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
  ASSERT_TRUE(change_and_wait(*account_.store, [&](Account& account) -> Status {
                role.session_seconds_max = 43'200;
                account.roles["worker"] = std::make_shared<const Role>(role);
                return Done{};
              }).ok());
  const auto first =
      identity_in(run("AssumeRole", role_request(R"(,"DurationSeconds":43200)"), alice_));
  EXPECT_EQ(first->expires_at_seconds, 1'000'043'200);
  EXPECT_EQ(error("AssumeRole", role_request(R"(,"DurationSeconds":3601)"), first->principal),
            "ValidationException: The requested DurationSeconds exceeds the 1 hour session limit "
            "for roles assumed by role chaining.");
  EXPECT_EQ(error("AssumeRole", role_request(), first->principal), "");
}

TEST_F(StsTest, WhatLimitsASession) {
  account_.put_role("worker", trust_of("*"));
  const std::string policy = R"(,"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{)"
                             R"(\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}")";
  const std::string arn = R"(,"PolicyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}])";
  const auto answer = run(
      "AssumeRole", role_request(policy + arn + R"(,"Tags":[{"Key":"a","Value":"b"}])"), alice_);
  const auto identity = identity_in(answer);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->principal->session_policies_json.size(), 1u);
  EXPECT_EQ(identity->principal->session_policy_arns,
            (std::vector<std::string>{"arn:aws:iam::aws:policy/ReadOnlyAccess"}));
  EXPECT_EQ(identity->principal->tags, (std::vector<auth::Tag>{{"a", "b"}}));
  EXPECT_EQ(credentials_.policies_of(identity->principal)->session.size(), 2u);
  EXPECT_NE(answer->find(R"("PackedPolicySize":7)"), std::string::npos) << *answer;

  const auto refused = [&](const std::string& more) {
    return error("AssumeRole", role_request(more), alice_);
  };
  EXPECT_TRUE(refused(R"(,"Policy":"{}")").starts_with("MalformedPolicyDocument: "));
  EXPECT_TRUE(refused(R"(,"PolicyArns":[{"arn":"arn:aws:iam::aws:policy/Missing"}])")
                  .starts_with("ValidationException: The policy "));
  EXPECT_EQ(refused(R"(,"Policy":")" + std::string(2'100, ' ') + "\""),
            "PackedPolicyTooLarge: Packed policy consumes 103% of allotted space, please use "
            "smaller policy.");
  EXPECT_EQ(refused(R"(,"Tags":[{"Key":"a","Value":"b"},{"Key":"A","Value":"b"}])"),
            "ValidationException: Duplicate tag keys found. Please note that Tag keys are case "
            "insensitive.");
  EXPECT_NE(refused(R"(,"Tags":[{"Key":"AWS:a","Value":"b"}])"), "");
  for (const char* name :
       {"SerialNumber", "TokenCode", "SourceIdentity", "TransitiveTagKeys", "ProvidedContexts"}) {
    EXPECT_EQ(refused(std::string(",\"") + name + R"(":"x")"),
              std::string("ValidationException: The parameter ") + name +
                  " is not supported by this server");
  }
}

TEST_F(StsTest, TheLargestSessionIsFoundAgain) {
  account_.put_role("worker", trust_of("*"));
  std::vector<std::string> tags;
  for (int i = 0; i < 50; ++i) {
    tags.push_back(fmt::format(R"({{"Key":"k{}","Value":"{}"}})", i, std::string(78, 'v')));
  }
  const std::string more = fmt::format(R"(,"Tags":[{}])", fmt::join(tags, ","));
  EXPECT_NE(identity_in(run("AssumeRole", role_request(more), alice_)), nullptr);
}

TEST_F(StsTest, RootAndFederatedUsersAssumeNothing) {
  account_.put_role("worker", trust_of("*"));
  const auto root =
      std::make_shared<const auth::Principal>(root_principal(*account_.store->account(), "AKIA"));
  EXPECT_EQ(error("AssumeRole", role_request(), root),
            "AccessDeniedException: Roles may not be assumed by root accounts.");
  const auto guest = identity_in(run("GetFederationToken", R"({"Name":"guest"})", alice_));
  EXPECT_NE(error("AssumeRole", role_request(), guest->principal), "");
}

TEST_F(StsTest, WhereAnybodyIsLetInAnybodyAssumesRoles) {
  account_.put_role("worker", kTrustLambda);
  auth::Principal stranger;
  stranger.type = auth::PrincipalType::kUser;
  stranger.arn = "arn:aws:iam::123456789012:user/any";
  stranger.user_name = "any";
  const auto caller = std::make_shared<const auth::Principal>(stranger);
  EXPECT_NE(identity_in(run("AssumeRole", role_request(), caller, false)), nullptr);
  EXPECT_EQ(error("GetSessionToken", "{}", caller, false), "");
  EXPECT_NE(error("GetSessionToken", "{}", caller, true), "");
}

TEST_F(StsTest, GetSessionToken) {
  const auto own = identity_in(run("GetSessionToken", "{}", alice_));
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->principal->arn, alice_->arn);
  EXPECT_EQ(own->expires_at_seconds, 1'000'043'200);
  EXPECT_EQ(error("GetSessionToken", "{}", own->principal),
            "AccessDeniedException: Cannot call GetSessionToken with session credentials");
  const auto root =
      std::make_shared<const auth::Principal>(root_principal(*account_.store->account(), "AKIA"));
  const auto roots = identity_in(run("GetSessionToken", R"({"DurationSeconds":7200})", root));
  EXPECT_EQ(roots->principal->type, auth::PrincipalType::kRoot);
  EXPECT_EQ(roots->expires_at_seconds, 1'000'003'600);
  EXPECT_EQ(error("GetSessionToken", R"({"TokenCode":"123456"})", alice_),
            "ValidationException: The parameter TokenCode is not supported by this server");
}

TEST_F(StsTest, GetFederationToken) {
  const auto answer =
      run("GetFederationToken",
          R"({"Name":"guest","DurationSeconds":900,"Tags":[{"Key":"a","Value":"b"}]})", alice_);
  const auto guest = identity_in(answer);
  ASSERT_NE(guest, nullptr);
  EXPECT_EQ(guest->principal->type, auth::PrincipalType::kFederatedUser);
  EXPECT_EQ(guest->expires_at_seconds, 1'000'000'900);
  auto document = json::Document::parse(*answer).value();
  const auto user = document.root()["FederatedUser"];
  EXPECT_EQ(std::string_view(user["FederatedUserId"]), "123456789012:guest");
  EXPECT_EQ(std::string_view(user["Arn"]), "arn:aws:sts::123456789012:federated-user/guest");
  EXPECT_EQ(error("GetFederationToken", R"({"Name":"guest"})", guest->principal),
            "AccessDeniedException: Cannot call GetFederationToken with session credentials");
}

TEST_F(StsTest, GetCallerIdentity) {
  EXPECT_EQ(run("GetCallerIdentity", "{}", alice_).value(),
            R"({"UserId":")" + alice_->id +
                R"(","Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/alice"})");
  EXPECT_NE(error("GetCallerIdentity", "{}", auth::anonymous_principal(), false), "");
}

TEST_F(StsTest, GetAccessKeyInfo) {
  EXPECT_EQ(
      run("GetAccessKeyInfo", R"({"AccessKeyId":")" + alice_key_.access_key_id + "\"}", alice_)
          .value(),
      R"({"Account":"123456789012"})");
  EXPECT_NE(error("GetAccessKeyInfo", R"({"AccessKeyId":"AKIAOTHEROTHEROTHER1"})", alice_), "");
}

TEST_F(StsTest, ServicesThatARoleTrusts) {
  const RoleSessionContext context;
  EXPECT_TRUE(
      trusts_service(account_.put_role("a", kTrustLambda), "lambda.amazonaws.com", context));
  EXPECT_FALSE(trusts_service(account_.put_role("a", kTrustLambda), "ec2.amazonaws.com", context));
  EXPECT_FALSE(trusts_service(account_.put_role("b", trust_of(alice_->arn)), "lambda.amazonaws.com",
                              context));
}

}  // namespace
}  // namespace millrace::iam::sts
