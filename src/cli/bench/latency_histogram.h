#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace millrace::cli::bench {

// Counts latencies in log-linear buckets: exact below 64 ns, then within 1/32 of the value.
class LatencyHistogram {
 public:
  void record(std::chrono::nanoseconds latency);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] uint64_t count() const { return count_; }
  // The smallest latency that at least `fraction` of all do not exceed, rounded up to its bucket's
  // end. Zero when there are none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double fraction) const;
  [[nodiscard]] std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_); }

 private:
  static constexpr int kSubBucketBits = 5;
  static constexpr size_t kSubBuckets = size_t{1} << kSubBucketBits;
  static constexpr size_t kBuckets = (64 - kSubBucketBits + 1) * kSubBuckets;

  static size_t bucket_of(uint64_t nanoseconds);
  static uint64_t last_of_bucket(size_t bucket);

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace millrace::cli::bench
