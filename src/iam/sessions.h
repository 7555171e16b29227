// Temporary credentials. Nothing is stored for them: the session token holds, encrypted, who it is,
// the secret, and what limits it.
#pragma once

#include <string>
#include <vector>

#include "auth/access_keys.h"
#include "auth/sigv4.h"
#include "base/clock.h"
#include "iam/account_store.h"
#include "iam/secret_box.h"
#include "policy/decision.h"

namespace millrace::iam {

// What a session is made for.
struct NewSession {
  auth::PrincipalType type = auth::PrincipalType::kAssumedRole;  // or kUser, kFederatedUser, kRoot
  std::string issuer_arn;                                        // of the role, user or root
  std::string session_name;                                      // of a role or a federated user
  std::vector<std::string> policies_json;                        // inline session policies
  std::vector<std::string> policy_arns;                          // managed ones
  Tags tags;
  int64_t duration_seconds = 3600;
  // The issuer need not be there, as anybody is let in. Such a session is nobody's where access
  // control is enforced.
  bool in_open_mode = false;
};

struct IssuedSession {
  auth::SigningCredentials credentials;
  auth::PrincipalPointer principal;
  int64_t expires_at_seconds = 0;
};

// All access keys there are, long-lived and temporary, and the policies of those who have them.
// Thread-safe. What it is made with must outlive it.
class Credentials final : public auth::AccessKeys {
 public:
  Credentials(const AccountStore& store, const SecretBox& box, const Clock& clock);
  ~Credentials() override;

  [[nodiscard]] auth::SigningIdentityPointer find(std::string_view access_key_id,
                                                  std::string_view session_token) const override;

  // AccessDenied when the issuer is not there any more.
  [[nodiscard]] Result<IssuedSession> issue(const NewSession& session, Random& secrets) const;

  // Everything that limits and allows a principal, as the account is now.
  // Cheap when asked again for the same pointer while the account is as it was.
  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& principal) const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace millrace::iam
