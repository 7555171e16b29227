// Requests and keys for tests of verification.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "auth/request_verifier.h"

namespace millrace::auth {

// Keys that a test hands out. A session token belongs to a key when it is its `session_token`.
class ListedKeys final : public AccessKeys {
 public:
  struct Key {
    std::string secret_access_key;
    std::string session_token = {};
    int64_t expires_at_seconds = std::numeric_limits<int64_t>::max();
  };
  void add(const std::string& access_key_id, const Key& key);

  [[nodiscard]] SigningIdentityPointer find(std::string_view access_key_id,
                                            std::string_view session_token) const override;
  // How often find() was called.
  [[nodiscard]] size_t finds() const { return finds_; }

 private:
  std::map<std::string, std::pair<std::string, SigningIdentityPointer>, std::less<>> keys_;
  mutable size_t finds_ = 0;
};

// A request that is sent.
struct TestRequest {
  std::string method = "POST";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body = {};

  // nullptr: there is none.
  [[nodiscard]] std::string* header(std::string_view name);
  [[nodiscard]] std::vector<HeaderView> header_views() const;
};

// Adds what Signer adds.
void sign(TestRequest& request, Signer& signer, int64_t seconds_since_1970);

[[nodiscard]] Result<PrincipalPointer> verify(const RequestVerifier& verifier,
                                              const TestRequest& request,
                                              std::string_view service = "dynamodb",
                                              bool takes_unsigned_payload = false);

}  // namespace millrace::auth
