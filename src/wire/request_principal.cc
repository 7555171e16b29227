#include "wire/request_principal.h"

namespace millrace::wire {

auth::Principal principal_of(const http::Request& request) {
  auth::SignatureSource source;
  source.authorization = request.header("authorization");
  source.security_token = request.header("x-amz-security-token");
  source.date = request.header("x-amz-date");
  const size_t query = request.target.find('?');
  if (query != std::string::npos) source.query = std::string_view(request.target).substr(query + 1);
  return auth::claimed_principal(source);
}

}  // namespace millrace::wire
