#include "auth/verifier_testing.h"

namespace millrace::auth {

void ListedKeys::add(const std::string& access_key_id, const Key& key) {
  Principal principal;
  principal.type = PrincipalType::kUser;
  principal.access_key_id = access_key_id;
  SigningIdentity identity;
  identity.secret_access_key = key.secret_access_key;
  identity.principal = std::make_shared<const Principal>(std::move(principal));
  identity.expires_at_seconds = key.expires_at_seconds;
  keys_[access_key_id] = {key.session_token,
                          std::make_shared<const SigningIdentity>(std::move(identity))};
}

SigningIdentityPointer ListedKeys::find(std::string_view access_key_id,
                                        std::string_view session_token) const {
  ++finds_;
  const auto key = keys_.find(access_key_id);
  return key == keys_.end() || key->second.first != session_token ? nullptr : key->second.second;
}

std::string* TestRequest::header(std::string_view name) {
  for (auto& [own_name, value] : headers) {
    if (own_name == name) return &value;
  }
  return nullptr;
}

std::vector<HeaderView> TestRequest::header_views() const {
  std::vector<HeaderView> views;
  for (const auto& [name, value] : headers) views.push_back({name, value});
  return views;
}

void sign(TestRequest& request, Signer& signer, int64_t seconds_since_1970) {
  const std::vector<HeaderView> views = request.header_views();
  SignatureHeaders added =
      signer.sign({request.method, request.target, views, request.body}, seconds_since_1970);
  request.headers.emplace_back("X-Amz-Date", std::move(added.amz_date));
  if (!added.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", std::move(added.session_token));
  }
  request.headers.emplace_back("Authorization", std::move(added.authorization));
}

Result<PrincipalPointer> verify(const RequestVerifier& verifier, const TestRequest& request,
                                std::string_view service, bool takes_unsigned_payload) {
  const std::vector<HeaderView> views = request.header_views();
  return verifier.verify({request.method, request.target, views, request.body}, service,
                         takes_unsigned_payload);
}

}  // namespace millrace::auth
