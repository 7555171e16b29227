#include "access/rate_limit.h"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>

#include "auth/digest.h"

namespace millrace::access {
namespace {

constexpr size_t kShards = 16;
constexpr size_t kSetsPerShard = 128;
constexpr size_t kBucketsPerSet = 8;
// A longer name is kept as its hash, so that memory is bounded.
constexpr size_t kNameBytesMax = 256;

struct Bucket {
  std::string name;  // empty: free
  double tokens = 0;
  int64_t at_microseconds = 0;

  void fill(const RateLimitSettings& settings, int64_t now_microseconds) {
    // The clock may step back.
    const int64_t passed = std::max<int64_t>(0, now_microseconds - at_microseconds);
    tokens = std::min(settings.burst,
                      tokens + static_cast<double>(passed) * settings.requests_per_second / 1e6);
    at_microseconds = now_microseconds;
  }
};
using Set = std::array<Bucket, kBucketsPerSet>;

std::string name_of(const auth::Principal& principal) {
  const std::string& name = principal.arn.empty() ? principal.access_key_id : principal.arn;
  if (name.size() <= kNameBytesMax) return name.empty() ? "anonymous" : name;
  return std::string(auth::as_text(auth::sha256(name)));
}

// That of the name, or the one that loses least when it becomes that.
Bucket& find_bucket(Set& set, const std::string& name, const RateLimitSettings& settings,
                    int64_t now_microseconds) {
  Bucket* fullest = nullptr;
  for (Bucket& bucket : set) {
    if (bucket.name == name) return bucket;
    if (!bucket.name.empty()) bucket.fill(settings, now_microseconds);
    const bool is_better =
        fullest == nullptr ||
        (!fullest->name.empty() && (bucket.name.empty() || bucket.tokens > fullest->tokens));
    if (is_better) fullest = &bucket;
  }
  *fullest = {name, settings.burst, now_microseconds};
  return *fullest;
}

}  // namespace

struct RateLimit::Shard {
  std::mutex mutex;
  std::array<Set, kSetsPerShard> sets;  // guarded by mutex
};

RateLimit::RateLimit(const RateLimitSettings& settings, const Clock& clock)
    : settings_{settings.requests_per_second, std::max(1.0, settings.burst)},
      clock_(clock),
      shards_(settings.requests_per_second > 0 ? new Shard[kShards] : nullptr) {}

RateLimit::~RateLimit() = default;

Status RateLimit::take(const auth::Principal& principal) const {
  if (shards_ == nullptr) return Done{};
  const std::string name = name_of(principal);
  const size_t hash = std::hash<std::string>()(name);
  Shard& shard = shards_[hash % kShards];
  const std::lock_guard lock(shard.mutex);
  const int64_t now = clock_.now_microseconds();
  Bucket& bucket = find_bucket(shard.sets[hash / kShards % kSetsPerShard], name, settings_, now);
  bucket.fill(settings_, now);
  if (bucket.tokens < 1) return Error{ErrorCode::kThrottlingException, "Rate exceeded"};
  bucket.tokens -= 1;
  return Done{};
}

}  // namespace millrace::access
