#pragma once

#include "auth/credential.h"
#include "http/handler.h"

namespace millrace::wire {

// Who the request claims to come from, unchecked.
[[nodiscard]] auth::Principal principal_of(const http::Request& request);

}  // namespace millrace::wire
