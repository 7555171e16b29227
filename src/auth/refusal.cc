#include "auth/refusal.h"

namespace millrace::auth {
namespace {

constexpr size_t kShownMax = 4096;

}  // namespace

Error missing_authentication_token() {
  return {ErrorCode::kMissingAuthenticationTokenException,
          "Request is missing Authentication Token"};
}

Error incomplete_signature(std::string message) {
  return {ErrorCode::kIncompleteSignatureException, std::move(message)};
}

Error invalid_signature(std::string message) {
  return {ErrorCode::kInvalidSignatureException, std::move(message)};
}

Error signature_mismatch() {
  return invalid_signature(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.");
}

Error unrecognized_client() {
  return {ErrorCode::kUnrecognizedClientException,
          "The security token included in the request is invalid."};
}

Error expired_token() {
  return {ErrorCode::kExpiredTokenException,
          "The security token included in the request is expired"};
}

std::string shown(std::string_view text) {
  std::string out(text.substr(0, kShownMax));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

}  // namespace millrace::auth
