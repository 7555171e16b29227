#pragma once

#include "audit/event.h"
#include "auth/principal.h"

namespace millrace::audit {

// What the event of a request says of who sent it.
[[nodiscard]] Identity identity_of(const auth::Principal& principal);

}  // namespace millrace::audit
