#include "access/claim.h"

namespace millrace::access {

auth::Claim claim_of(const http::Request& request) {
  auth::SignatureSource source;
  source.authorization = request.header("authorization");
  source.security_token = request.header("x-amz-security-token");
  source.date = request.header("x-amz-date");
  if (source.date.empty()) source.date = request.header("date");
  const size_t query = request.target.find('?');
  if (query != std::string::npos) source.query = std::string_view(request.target).substr(query + 1);
  return auth::read_claim(source);
}

auth::PrincipalPointer unproven_principal(const http::Request& request) {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUnknown;
  principal.access_key_id = claim_of(request).access_key_id;
  return std::make_shared<const auth::Principal>(std::move(principal));
}

}  // namespace millrace::access
