// Verifies the Signature Version 4 of requests to this server (IAM User Guide, "Signature Version 4
// for API requests").
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "auth/access_keys.h"
#include "auth/sigv4.h"
#include "base/clock.h"
#include "base/result.h"

namespace millrace::auth {

// A request as it came. Views live as long as the call.
struct SignedRequest {
  std::string_view method;
  std::string_view target;              // path and query, undecoded
  std::span<const HeaderView> headers;  // all, in the order they came, duplicates too
  std::string_view body;                // as it was sent: before a content coding is undone
};

// Thread-safe.
class RequestVerifier {
 public:
  RequestVerifier(const AccessKeys& keys, const Clock& clock, std::string region);
  ~RequestVerifier();

  // Who signed the request for `service` ("dynamodb"), or the error of the JSON services:
  // MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
  // InvalidSignatureException, ExpiredTokenException. The query services name the same errors
  // otherwise, which is wire's matter. `service` empty: any of this server's.
  // `takes_unsigned_payload`: UNSIGNED-PAYLOAD may stand for the payload's hash, and the body is
  // not verified then.
  [[nodiscard]] Result<PrincipalPointer> verify(const SignedRequest& request,
                                                std::string_view service,
                                                bool takes_unsigned_payload) const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace millrace::auth
