#pragma once

#include "auth/principal.h"
#include "http/handler.h"

namespace millrace::wire {

// Who the request claims to come from, unchecked: a user that is named by its access key id.
[[nodiscard]] auth::PrincipalPointer principal_of(const http::Request& request);

}  // namespace millrace::wire
