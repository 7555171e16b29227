#include "audit/identity_of.h"

namespace millrace::audit {
namespace {

IdentityType type_of(const auth::Principal& principal) {
  switch (principal.type) {
    case auth::PrincipalType::kAnonymous:
      return IdentityType::kClaimed;
    case auth::PrincipalType::kUnknown:
      return IdentityType::kUnknown;
    case auth::PrincipalType::kRoot:
      return IdentityType::kRoot;
    case auth::PrincipalType::kUser: {
      // In open mode a user is named by the key, and nobody has looked.
      const bool claimed =
          principal.user_name.empty() || principal.user_name == principal.access_key_id;
      return claimed ? IdentityType::kClaimed : IdentityType::kUser;
    }
    case auth::PrincipalType::kAssumedRole:
      return IdentityType::kAssumedRole;
    case auth::PrincipalType::kFederatedUser:
      return IdentityType::kFederatedUser;
    case auth::PrincipalType::kService:
      return IdentityType::kService;
  }
  return IdentityType::kUnknown;
}

}  // namespace

Identity identity_of(const auth::Principal& principal) {
  Identity identity;
  identity.type = type_of(principal);
  identity.access_key_id = principal.access_key_id;
  switch (identity.type) {
    case IdentityType::kClaimed:
    case IdentityType::kUnknown:
      return identity;
    case IdentityType::kService:
      identity.user_name = principal.service_name;
      return identity;
    default:
      break;
  }
  identity.principal_id = principal.id;
  identity.arn = principal.arn;
  identity.account_id = principal.account_id;
  if (identity.type == IdentityType::kUser) identity.user_name = principal.user_name;
  identity.issuer_arn = principal.issuer_arn;
  identity.issuer_id = principal.issuer_id;
  identity.issuer_name = principal.issuer_name;
  identity.session_began_seconds = principal.session_began_seconds;
  return identity;
}

}  // namespace millrace::audit
