// Which secret an access key has, and whose it is: what verification asks of who keeps them.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "auth/principal.h"
#include "base/result.h"

namespace millrace::auth {

// What a request that is signed with a key proves. Immutable.
struct SigningIdentity {
  std::string secret_access_key;
  PrincipalPointer principal;
  int64_t expires_at_seconds = std::numeric_limits<int64_t>::max();  // since 1970
};
using SigningIdentityPointer = std::shared_ptr<const SigningIdentity>;

class AccessKeys {
 public:
  virtual ~AccessKeys() = default;

  // Whom the key, with the session token of the request (empty: none), belongs to. nullptr: no such
  // key, an inactive one, or a token that is not this key's. An expired one is returned. The same
  // pointer comes as long as nothing about it changes, so that what is derived from it can be kept.
  // Thread-safe, called for every request on I/O threads: memory alone.
  [[nodiscard]] virtual SigningIdentityPointer find(std::string_view access_key_id,
                                                    std::string_view session_token) const = 0;
};

}  // namespace millrace::auth
