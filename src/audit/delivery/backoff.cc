#include "audit/delivery/backoff.h"

#include <algorithm>

namespace millrace::audit {
namespace {

constexpr int64_t kFirstMilliseconds = 1'000;
constexpr int64_t kLongestMilliseconds = 5 * 60 * 1'000;
constexpr int kDoublingsMax = 16;

}  // namespace

void Backoff::fail(int64_t now_milliseconds, Random& random) {
  const int64_t doubled = kFirstMilliseconds << std::min(failures_, kDoublingsMax);
  const int64_t longest = std::min(doubled, kLongestMilliseconds);
  const auto half = static_cast<uint64_t>(longest / 2);
  ++failures_;
  since_milliseconds_ = now_milliseconds;
  until_milliseconds_ = now_milliseconds + longest - static_cast<int64_t>(random.below(half + 1));
}

}  // namespace millrace::audit
