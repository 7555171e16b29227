// How many requests a principal may make in a second.
#pragma once

#include <memory>

#include "auth/principal.h"
#include "base/clock.h"
#include "base/result.h"

namespace millrace::access {

// Of each principal. `requests_per_second` 0: there is no limit.
struct RateLimitSettings {
  double requests_per_second = 0;
  double burst = 0;  // that many may come at once after a pause; at least one may
};

// A token bucket for each of the principals that were seen last, 16,384 at most: whom that many
// others have pushed out begins anew. Thread-safe.
class RateLimit {
 public:
  RateLimit(const RateLimitSettings& settings, const Clock& clock);
  ~RateLimit();

  // Counts a request of the principal, or answers ThrottlingException. Sessions count apart from
  // whose they are, and all anonymous requests together.
  [[nodiscard]] Status take(const auth::Principal& principal) const;

 private:
  struct Shard;
  const RateLimitSettings settings_;
  const Clock& clock_;
  const std::unique_ptr<Shard[]> shards_;
};

}  // namespace millrace::access
