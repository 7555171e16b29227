// What a request has to pass before its operation runs: who asks, and whether it may. In open mode
// everybody may, and is whom the request claims.
#pragma once

#include <memory>
#include <string_view>

#include "access/action.h"
#include "access/authorizer.h"
#include "access/rate_limit.h"
#include "auth/principal.h"
#include "auth/request_verifier.h"
#include "auth/user_principals.h"
#include "base/result.h"
#include "http/handler.h"
#include "json/document.h"

namespace millrace::access {

// Thread-safe. Called on I/O threads; never blocks.
class Gate {
 public:
  virtual ~Gate() = default;

  // Who sent the request for `action`. An error of authentication as auth::RequestVerifier has it.
  [[nodiscard]] virtual Result<auth::PrincipalPointer> authenticate(const http::Request& request,
                                                                    const Action& action) const = 0;
  // The same of a request that names no operation, for whatever service it is signed.
  [[nodiscard]] virtual Result<auth::PrincipalPointer> authenticate_unknown(
      const http::Request& request) const = 0;
  // Whether `principal` may: AccessDeniedException, or ThrottlingException beyond its rate. `input`
  // has passed api/validate.h.
  [[nodiscard]] virtual Status authorize(const auth::PrincipalPointer& principal,
                                         const http::Request& request, const Action& action,
                                         json::Object input) const = 0;
  // Whether it takes signatures alone, and not everybody's word.
  [[nodiscard]] virtual bool is_enforced() const = 0;
};

// Anybody may do anything. `keys`, which may be nullptr, tells whose a known access key is; any
// other is that of a user who is named by it. `rate_limit` nullptr: there is none.
[[nodiscard]] std::unique_ptr<Gate> make_open_gate(std::string account_id,
                                                   const auth::AccessKeys* keys,
                                                   const RateLimit* rate_limit = nullptr);

// All must outlive it.
struct EnforcedGateParts {
  const auth::RequestVerifier& verifier;
  const auth::AccessKeys& keys;
  const Authorizer& authorizer;
  const RateLimit* rate_limit = nullptr;  // nullptr: there is none
  // Whom verified client certificates stand for, in requests without a signature. nullptr: nobody.
  const auth::UserPrincipals* certified_users = nullptr;
};
[[nodiscard]] std::unique_ptr<Gate> make_enforced_gate(const EnforcedGateParts& parts);

}  // namespace millrace::access
