#pragma once

#include "access/gate.h"
#include "auth/principal.h"
#include "base/result.h"
#include "http/handler.h"

namespace millrace::wire {

// Who sent the request, or why it is refused. `gate` nullptr: everybody is whom he claims to be.
// `action` nullptr: the request names no operation.
[[nodiscard]] Result<auth::PrincipalPointer> authenticate(const access::Gate* gate,
                                                          const http::Request& request,
                                                          const access::Action* action);
// Whom the audit trail names: of a request that was refused, whom it claims to be from.
[[nodiscard]] auth::PrincipalPointer recorded_principal(
    const Result<auth::PrincipalPointer>& authenticated, const http::Request& request);
// Who the request claims to come from, unchecked: a user that is named by its access key id.
[[nodiscard]] auth::PrincipalPointer principal_of(const http::Request& request);

}  // namespace millrace::wire
