#include "cli/bench/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace millrace::cli::bench {

// A value of b > 5 significant bits lies in the (b - 5)th row of 32 buckets, by the five bits that
// follow its leading one.
size_t LatencyHistogram::bucket_of(uint64_t nanoseconds) {
  if (nanoseconds < kSubBuckets) return nanoseconds;
  int shift = std::bit_width(nanoseconds) - kSubBucketBits - 1;
  return (static_cast<size_t>(shift) << kSubBucketBits) + (nanoseconds >> shift);
}

uint64_t LatencyHistogram::last_of_bucket(size_t bucket) {
  if (bucket < 2 * kSubBuckets) return bucket;
  size_t shift = bucket / kSubBuckets - 1;
  uint64_t first = static_cast<uint64_t>(bucket % kSubBuckets + kSubBuckets) << shift;
  return first + ((uint64_t{1} << shift) - 1);
}

void LatencyHistogram::record(std::chrono::nanoseconds latency) {
  auto nanoseconds = static_cast<uint64_t>(std::max<int64_t>(latency.count(), 0));
  ++counts_[bucket_of(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds LatencyHistogram::quantile(double fraction) const {
  if (count_ == 0) return {};
  auto rank = static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= rank && seen > 0) {
      return std::chrono::nanoseconds(std::min(last_of_bucket(i), max_));
    }
  }
  return max();
}

}  // namespace millrace::cli::bench
