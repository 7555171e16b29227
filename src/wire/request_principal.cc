#include "wire/request_principal.h"

#include "access/claim.h"

namespace millrace::wire {

Result<auth::PrincipalPointer> authenticate(const access::Gate* gate, const http::Request& request,
                                            const access::Action* action) {
  if (gate == nullptr) return principal_of(request);
  return action == nullptr ? gate->authenticate_unknown(request)
                           : gate->authenticate(request, *action);
}

auth::PrincipalPointer recorded_principal(const Result<auth::PrincipalPointer>& authenticated,
                                          const http::Request& request) {
  return authenticated.ok() ? *authenticated : access::unproven_principal(request);
}

auth::PrincipalPointer principal_of(const http::Request& request) {
  auth::Claim claim = access::claim_of(request);
  if (claim.anonymous()) return auth::anonymous_principal();
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.access_key_id = std::move(claim.access_key_id);
  return std::make_shared<const auth::Principal>(std::move(principal));
}

}  // namespace millrace::wire
