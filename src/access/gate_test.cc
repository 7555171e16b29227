#include "access/gate.h"

#include <gtest/gtest.h>

#include "auth/sigv4.h"
#include "engine/memory/memory_engine.h"

namespace millrace::access {
namespace {

constexpr int64_t kTime = 1'767'225'600;  // 20260101T000000Z
constexpr std::string_view kAccount = "111122223333";

class OneKey final : public auth::AccessKeys {
 public:
  OneKey() {
    auth::Principal principal;
    principal.type = auth::PrincipalType::kUser;
    principal.arn = "arn:aws:iam::111122223333:user/alice";
    principal.access_key_id = "AKIAKNOWN";
    auth::SigningIdentity identity;
    identity.secret_access_key = "secret";
    identity.principal = std::make_shared<const auth::Principal>(std::move(principal));
    identity_ = std::make_shared<const auth::SigningIdentity>(std::move(identity));
  }
  [[nodiscard]] auth::SigningIdentityPointer find(std::string_view access_key_id,
                                                  std::string_view session_token) const override {
    return access_key_id == "AKIAKNOWN" && session_token.empty() ? identity_ : nullptr;
  }

 private:
  auth::SigningIdentityPointer identity_;
};

// Everybody may do everything.
class AllowingPolicies final : public PolicySource {
 public:
  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& /*principal*/) const override {
    policy::PolicySet set;
    set.unrestricted = true;
    return std::make_shared<const policy::PolicySet>(std::move(set));
  }
  [[nodiscard]] policy::PolicyPointer resource_policy(
      std::string_view /*resource_arn*/) const override {
    return nullptr;
  }
};

class OneUser final : public auth::UserPrincipals {
 public:
  [[nodiscard]] auth::PrincipalPointer find_user(std::string_view user_name) const override {
    return user_name == "bob" ? bob_ : nullptr;
  }

 private:
  const auth::PrincipalPointer bob_ = auth::service_principal("bob");
};

class GateTest : public ::testing::Test {
 protected:
  static http::Request request(const std::string& access_key_id,
                               const std::string& secret_access_key = "secret",
                               const std::string& service = "dynamodb",
                               const std::string& body = "{}") {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Host", "localhost"}, {"X-Amz-Target", "DynamoDB_20120810.ListTables"}};
    request.body = body;
    if (access_key_id.empty()) return request;
    auth::Signer signer({access_key_id, secret_access_key, ""}, "us-east-1", service);
    std::vector<auth::HeaderView> headers;
    for (const auto& [name, value] : request.headers) headers.push_back({name, value});
    const auto added = signer.sign({request.method, request.target, headers, body}, kTime);
    request.headers.push_back({"X-Amz-Date", added.amz_date});
    request.headers.push_back({"Authorization", added.authorization});
    return request;
  }
  static std::string refusal(const Result<auth::PrincipalPointer>& authenticated) {
    return authenticated.ok() ? "none" : std::string(error_name(authenticated.error().code));
  }

  const OneKey keys_;
  ManualClock clock_{kTime * 1'000'000};
  const auth::RequestVerifier verifier_{keys_, clock_, "us-east-1"};
  const AllowingPolicies policies_;
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  const Authorizer authorizer_{policies_, *catalog_, clock_};
  const RateLimit rate_limit_{{.requests_per_second = 1, .burst = 1}, clock_};
  const Action& action_ = *find_action("dynamodb", "ListTables");
  const json::Document input_ = json::Document::parse("{}").value();
};

TEST_F(GateTest, AnOpenGateBelievesWhatItIsTold) {
  const auto gate = make_open_gate(std::string(kAccount), &keys_);
  EXPECT_FALSE(gate->is_enforced());
  const auto claimed = gate->authenticate(request("anything"), action_).value();
  EXPECT_EQ(claimed->type, auth::PrincipalType::kUser);
  EXPECT_EQ(claimed->user_name, "anything");
  EXPECT_EQ(claimed->access_key_id, "anything");
  EXPECT_EQ(claimed->account_id, kAccount);
  EXPECT_EQ(claimed->arn, "arn:aws:iam::111122223333:user/anything");
  EXPECT_EQ(gate->authenticate(request("anything"), action_).value(), claimed) << "is kept";

  const auto known = gate->authenticate(request("AKIAKNOWN", "another secret"), action_).value();
  EXPECT_EQ(known->arn, "arn:aws:iam::111122223333:user/alice");
  EXPECT_EQ(gate->authenticate(request(""), action_).value()->type,
            auth::PrincipalType::kAnonymous);
  EXPECT_EQ(gate->authenticate_unknown(request("x")).value()->user_name, "x");
  EXPECT_TRUE(gate->authorize(claimed, request("x"), action_, json::Object(input_.root())).ok());
}

TEST_F(GateTest, OpenGatesOfTwoAccountsDoNotShareUsers) {
  const auto first = make_open_gate("000000000001", nullptr);
  const auto second = make_open_gate("000000000002", nullptr);
  EXPECT_EQ(first->authenticate(request("a"), action_).value()->account_id, "000000000001");
  EXPECT_EQ(second->authenticate(request("a"), action_).value()->account_id, "000000000002");
  const std::string long_id(1000, 'k');
  EXPECT_EQ(first->authenticate(request(long_id), action_).value()->user_name, long_id);
}

TEST_F(GateTest, AnEnforcedGateWantsProof) {
  const auto gate = make_enforced_gate({verifier_, keys_, authorizer_});
  EXPECT_TRUE(gate->is_enforced());
  EXPECT_EQ(gate->authenticate(request("AKIAKNOWN"), action_).value()->arn,
            "arn:aws:iam::111122223333:user/alice");
  EXPECT_EQ(refusal(gate->authenticate(request(""), action_)),
            "MissingAuthenticationTokenException");
  EXPECT_EQ(refusal(gate->authenticate(request("anything"), action_)),
            "UnrecognizedClientException");
  EXPECT_EQ(refusal(gate->authenticate(request("AKIAKNOWN", "another"), action_)),
            "InvalidSignatureException");
  EXPECT_EQ(refusal(gate->authenticate(request("AKIAKNOWN", "secret", "lambda"), action_)),
            "InvalidSignatureException");
  EXPECT_EQ(refusal(gate->authenticate_unknown(request("AKIAKNOWN", "secret", "lambda"))), "none");
  EXPECT_EQ(refusal(gate->authenticate_unknown(request("AKIAKNOWN", "secret", "s3"))),
            "InvalidSignatureException");
}

TEST_F(GateTest, ASignatureIsThatOfTheBodyAsItWasSent) {
  const auto gate = make_enforced_gate({verifier_, keys_, authorizer_});
  http::Request coded = request("AKIAKNOWN", "secret", "dynamodb", "compressed");
  coded.body_as_sent = coded.body;
  coded.body = "{}";
  EXPECT_EQ(refusal(gate->authenticate(coded, action_)), "none");
  coded.body_as_sent = "other";
  EXPECT_EQ(refusal(gate->authenticate(coded, action_)), "InvalidSignatureException");
}

TEST_F(GateTest, AClientCertificateStandsForAMissingSignature) {
  const OneUser users;
  const auto gate = make_enforced_gate(
      {.verifier = verifier_, .keys = keys_, .authorizer = authorizer_, .certified_users = &users});
  http::Request certified = request("");
  certified.client_certificate_name = "bob";
  EXPECT_EQ(gate->authenticate(certified, action_).value(), users.find_user("bob"));
  certified.client_certificate_name = "carol";
  EXPECT_EQ(refusal(gate->authenticate(certified, action_)), "UnrecognizedClientException");
  certified.client_certificate_name = "";
  EXPECT_EQ(refusal(gate->authenticate(certified, action_)), "MissingAuthenticationTokenException");

  http::Request signed_too = request("AKIAKNOWN");
  signed_too.client_certificate_name = "bob";
  EXPECT_EQ(gate->authenticate(signed_too, action_).value()->arn,
            "arn:aws:iam::111122223333:user/alice");
  signed_too.body = "changed";
  EXPECT_EQ(refusal(gate->authenticate(signed_too, action_)), "InvalidSignatureException");

  certified.client_certificate_name = "bob";
  const auto without = make_enforced_gate({verifier_, keys_, authorizer_});
  EXPECT_EQ(refusal(without->authenticate(certified, action_)),
            "MissingAuthenticationTokenException");
}

TEST_F(GateTest, BothLimitTheRate) {
  const auto open = make_open_gate(std::string(kAccount), nullptr, &rate_limit_);
  const auto enforced = make_enforced_gate({verifier_, keys_, authorizer_, &rate_limit_});
  const json::Object input(input_.root());
  for (const Gate* gate : {open.get(), enforced.get()}) {
    const auto user = gate->authenticate(request("AKIAKNOWN"), action_).value();
    EXPECT_TRUE(gate->authorize(user, request(""), action_, input).ok());
    const Status refused = gate->authorize(user, request(""), action_, input);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kThrottlingException);
  }
}

}  // namespace
}  // namespace millrace::access
