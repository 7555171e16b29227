#include "app/access_control.h"

#include <cstdlib>

#include "app/root_key.h"
#include "app/server_policies.h"
#include "auth/request_verifier.h"
#include "iam/account_store.h"
#include "iam/certified_users.h"
#include "iam/iam_service.h"
#include "iam/principals.h"
#include "iam/secret_box.h"
#include "iam/sessions.h"
#include "iam/sts/role_trust.h"
#include "iam/sts/service.h"

namespace millrace::app {
namespace {

constexpr const char* kLambda = "lambda.amazonaws.com";
constexpr int64_t kFunctionSessionSeconds = 12 * 3'600;
constexpr const char* kNotForFunctions =
    "The role defined for the function cannot be assumed by Lambda.";

Result<iam::SecretBox> open_box(const Config& config, Random& secrets) {
  if (!config.auth.key_file.empty()) return iam::SecretBox::open(config.auth.key_file, secrets);
  if (config.memory) return iam::SecretBox::with_new_key(secrets);
  return iam::SecretBox::open(config.data_directory + "/access.key", secrets);
}

access::RateLimitSettings rate_limit_of(const AuthConfig& auth) {
  const int64_t burst = auth.burst > 0 ? auth.burst : auth.requests_per_second;
  return {static_cast<double>(auth.requests_per_second), static_cast<double>(burst)};
}

class AllAccessControl final : public AccessControl {
 public:
  AllAccessControl(const Config& config, ops::Database& database, Random& secrets,
                   const iam::SecretBox& box)
      : config_(config), database_(database), secrets_(secrets), box_(box) {}

  Status open() {
    store_ = TRY(iam::AccountStore::open(database_.engine, box_, config_.site.account_id));
    credentials_ = std::make_unique<iam::Credentials>(*store_, box_, database_.clock);
    policies_ = std::make_unique<ServerPolicies>(*store_, *credentials_, database_.catalog);
    rate_limit_ = std::make_unique<access::RateLimit>(rate_limit_of(config_.auth), database_.clock);
    if (!config_.auth.enforce) {
      gate_ =
          access::make_open_gate(config_.site.account_id, credentials_.get(), rate_limit_.get());
      return Done{};
    }
    const auto given = TRY(given_root_key(std::getenv(kRootKeyIdVariable),
                                          std::getenv(kRootSecretVariable), now_seconds()));
    new_root_key_ = TRY(ensure_root_key(*store_, given, secrets_, now_seconds()));
    verifier_ = std::make_unique<auth::RequestVerifier>(*credentials_, database_.clock,
                                                        config_.site.region);
    authorizer_ =
        std::make_unique<access::Authorizer>(*policies_, database_.catalog, database_.clock);
    if (config_.tls_client_principals) {
      certified_users_ = std::make_unique<iam::CertifiedUsers>(*store_);
    }
    gate_ = access::make_enforced_gate(
        {*verifier_, *credentials_, *authorizer_, rate_limit_.get(), certified_users_.get()});
    return Done{};
  }

  const access::Gate& gate() const override { return *gate_; }

  std::vector<api::QueryService> query_services() override {
    return {iam::iam_service({*store_, database_.clock, secrets_}),
            iam::sts::sts_service(
                {*store_, *credentials_, database_.clock, secrets_, config_.auth.enforce})};
  }

  std::optional<iam::AccessKey> new_root_key() const override { return new_root_key_; }

  functions::AssumeRole assume_role() override {
    if (!config_.auth.enforce) return nullptr;
    return [this](const std::string& role_arn, const std::string& session_name) {
      return assume_role(role_arn, session_name);
    };
  }

  std::function<bool(const std::string&)> is_role_for_functions() override {
    if (!config_.auth.enforce) return nullptr;
    return [this](const std::string& role_arn) { return is_for_functions(role_arn, ""); };
  }

  void set_functions(const functions::FunctionStore& functions) override {
    policies_->set_functions(functions);
  }

 private:
  [[nodiscard]] int64_t now_seconds() const { return database_.clock.now_milliseconds() / 1000; }

  [[nodiscard]] bool is_for_functions(const std::string& role_arn,
                                      const std::string& session_name) const {
    const iam::RolePointer role = iam::find_role_by_arn(*store_->account(), role_arn);
    iam::sts::RoleSessionContext context;
    context.now_seconds = now_seconds();
    context.role_session_name = session_name;
    return role && iam::sts::trusts_service(*role, kLambda, context);
  }

  Result<functions::RoleSession> assume_role(const std::string& role_arn,
                                             const std::string& session_name) {
    if (!is_for_functions(role_arn, session_name)) {
      return Error{ErrorCode::kAccessDeniedException, kNotForFunctions};
    }
    iam::NewSession session;
    session.issuer_arn = role_arn;
    session.session_name = session_name;
    session.duration_seconds = kFunctionSessionSeconds;
    iam::IssuedSession issued = TRY(credentials_->issue(session, secrets_));
    return functions::RoleSession{std::move(issued.credentials), issued.expires_at_seconds * 1000};
  }

  const Config& config_;
  ops::Database& database_;
  Random& secrets_;
  const iam::SecretBox box_;
  // In the order in which they need one another.
  std::unique_ptr<iam::AccountStore> store_;
  std::unique_ptr<iam::Credentials> credentials_;
  std::unique_ptr<ServerPolicies> policies_;
  std::unique_ptr<access::RateLimit> rate_limit_;
  std::unique_ptr<iam::CertifiedUsers> certified_users_;
  std::unique_ptr<auth::RequestVerifier> verifier_;
  std::unique_ptr<access::Authorizer> authorizer_;
  std::unique_ptr<access::Gate> gate_;
  std::optional<iam::AccessKey> new_root_key_;
};

}  // namespace

Result<std::unique_ptr<AccessControl>> AccessControl::open(const Config& config,
                                                           ops::Database& database,
                                                           Random& secrets) {
  const iam::SecretBox box = TRY(open_box(config, secrets));
  auto opened = std::make_unique<AllAccessControl>(config, database, secrets, box);
  TRY(opened->open());
  return std::unique_ptr<AccessControl>(std::move(opened));
}

}  // namespace millrace::app
