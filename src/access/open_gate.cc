#include <array>
#include <functional>

#include "access/claim.h"
#include "access/gate.h"

namespace millrace::access {
namespace {

auth::PrincipalPointer named_by(const std::string& access_key_id, const std::string& account_id) {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = account_id;
  principal.access_key_id = access_key_id;
  principal.user_name = access_key_id;
  principal.arn.append("arn:aws:iam::").append(account_id).append(":user/").append(access_key_id);
  return std::make_shared<const auth::Principal>(std::move(principal));
}

// A user that is named by its access key, from a small cache of the thread's own: clients have few.
auth::PrincipalPointer claimed_user(const std::string& access_key_id,
                                    const std::string& account_id) {
  constexpr size_t kSlots = 64;
  constexpr size_t kCachedBytesMax = 128;
  if (access_key_id.size() > kCachedBytesMax) return named_by(access_key_id, account_id);
  thread_local std::array<auth::PrincipalPointer, kSlots> slots;
  auth::PrincipalPointer& slot = slots[std::hash<std::string>()(access_key_id) % kSlots];
  const bool is_there =
      slot != nullptr && slot->access_key_id == access_key_id && slot->account_id == account_id;
  if (!is_there) slot = named_by(access_key_id, account_id);
  return slot;
}

class OpenGate final : public Gate {
 public:
  OpenGate(std::string account_id, const auth::AccessKeys* keys, const RateLimit* rate_limit)
      : account_id_(std::move(account_id)), keys_(keys), rate_limit_(rate_limit) {}

  Result<auth::PrincipalPointer> authenticate(const http::Request& request,
                                              const Action& /*action*/) const override {
    return authenticate_unknown(request);
  }

  Result<auth::PrincipalPointer> authenticate_unknown(const http::Request& request) const override {
    const auth::Claim claim = claim_of(request);
    if (claim.anonymous()) return auth::anonymous_principal();
    if (keys_ != nullptr) {
      const auto identity = keys_->find(claim.access_key_id, claim.session_token);
      if (identity != nullptr) return identity->principal;
    }
    return claimed_user(claim.access_key_id, account_id_);
  }

  Status authorize(const auth::PrincipalPointer& principal, const http::Request& /*request*/,
                   const Action& /*action*/, json::Object /*input*/) const override {
    return rate_limit_ == nullptr ? Status(Done{}) : rate_limit_->take(*principal);
  }

  bool is_enforced() const override { return false; }

 private:
  const std::string account_id_;
  const auth::AccessKeys* const keys_;
  const RateLimit* const rate_limit_;
};

}  // namespace

std::unique_ptr<Gate> make_open_gate(std::string account_id, const auth::AccessKeys* keys,
                                     const RateLimit* rate_limit) {
  return std::make_unique<OpenGate>(std::move(account_id), keys, rate_limit);
}

}  // namespace millrace::access
