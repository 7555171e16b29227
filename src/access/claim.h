// Whom a request says it comes from, unchecked.
#pragma once

#include "auth/credential.h"
#include "auth/principal.h"
#include "http/handler.h"

namespace millrace::access {

[[nodiscard]] auth::Claim claim_of(const http::Request& request);
// Of a request that was refused: PrincipalType::kUnknown with the access key id it claims.
[[nodiscard]] auth::PrincipalPointer unproven_principal(const http::Request& request);

}  // namespace millrace::access
