#include "wire/request_principal.h"

#include "auth/credential.h"

namespace millrace::wire {

auth::PrincipalPointer principal_of(const http::Request& request) {
  auth::SignatureSource source;
  source.authorization = request.header("authorization");
  source.security_token = request.header("x-amz-security-token");
  source.date = request.header("x-amz-date");
  const size_t query = request.target.find('?');
  if (query != std::string::npos) source.query = std::string_view(request.target).substr(query + 1);
  auth::Claim claim = auth::read_claim(source);
  if (claim.anonymous()) return auth::anonymous_principal();
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.access_key_id = std::move(claim.access_key_id);
  return std::make_shared<const auth::Principal>(std::move(principal));
}

}  // namespace millrace::wire
