#include <boost/container/small_vector.hpp>

#include "access/gate.h"
#include "auth/refusal.h"

namespace millrace::access {
namespace {

class EnforcedGate final : public Gate {
 public:
  explicit EnforcedGate(const EnforcedGateParts& parts) : parts_(parts) {}

  Result<auth::PrincipalPointer> authenticate(const http::Request& request,
                                              const Action& action) const override {
    return certified(request,
                     verify(request, signing_service(action), takes_unsigned_payload(action)));
  }

  Result<auth::PrincipalPointer> authenticate_unknown(const http::Request& request) const override {
    return certified(request, verify(request, "", false));
  }

  Status authorize(const auth::PrincipalPointer& principal, const http::Request& request,
                   const Action& action, json::Object input) const override {
    if (parts_.rate_limit != nullptr) TRY(parts_.rate_limit->take(*principal));
    return parts_.authorizer.authorize(principal, action, input,
                                       {.source_address = request.remote_address,
                                        .user_agent = request.header("user-agent"),
                                        .is_secure = !request.tls_version.empty()});
  }

  bool is_enforced() const override { return true; }

 private:
  // `service` empty: any.
  [[nodiscard]] Result<auth::PrincipalPointer> verify(const http::Request& request,
                                                      std::string_view service,
                                                      bool unsigned_payload) const {
    boost::container::small_vector<auth::HeaderView, 32> headers;
    headers.reserve(request.headers.size());
    for (const http::Header& header : request.headers) {
      headers.push_back({header.name, header.value});
    }
    const Bytes& body = request.body_as_sent.empty() ? request.body : request.body_as_sent;
    return parts_.verifier.verify({request.method, request.target, headers, body}, service,
                                  unsigned_payload);
  }

  // Of a request without a signature, the user whom its client certificate names.
  [[nodiscard]] Result<auth::PrincipalPointer> certified(
      const http::Request& request, Result<auth::PrincipalPointer> signer) const {
    const bool counts = parts_.certified_users != nullptr &&
                        !request.client_certificate_name.empty() && !signer.ok() &&
                        signer.error().code == ErrorCode::kMissingAuthenticationTokenException;
    if (!counts) return signer;
    auth::PrincipalPointer user =
        parts_.certified_users->find_user(request.client_certificate_name);
    if (user == nullptr) return auth::unrecognized_client();
    return user;
  }

  const EnforcedGateParts parts_;
};

}  // namespace

std::unique_ptr<Gate> make_enforced_gate(const EnforcedGateParts& parts) {
  return std::make_unique<EnforcedGate>(parts);
}

}  // namespace millrace::access
