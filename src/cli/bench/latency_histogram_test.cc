#include "cli/bench/latency_histogram.h"

#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogram, IsZeroWhenEmpty) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.99), nanoseconds(0));
  EXPECT_EQ(histogram.max(), nanoseconds(0));
}

TEST(LatencyHistogram, QuantilesOfOneToAMillionAreWithinTheirBucket) {
  LatencyHistogram histogram;
  for (int64_t i = 1; i <= 1'000'000; ++i) histogram.record(nanoseconds(i));
  for (double fraction : {0.001, 0.5, 0.9, 0.99, 0.999}) {
    double exact = fraction * 1e6;
    auto got = static_cast<double>(histogram.quantile(fraction).count());
    EXPECT_GE(got, exact) << fraction;
    EXPECT_LE(got, exact * (1 + 1.0 / 32)) << fraction;
  }
  EXPECT_EQ(histogram.quantile(1), nanoseconds(1'000'000));
  EXPECT_EQ(histogram.max(), nanoseconds(1'000'000));
}

TEST(LatencyHistogram, IsExactForSmallValues) {
  for (int64_t value = 0; value < 64; ++value) {
    LatencyHistogram histogram;
    histogram.record(nanoseconds(value));
    histogram.record(nanoseconds(1'000));
    EXPECT_EQ(histogram.quantile(0.5), nanoseconds(value));
  }
}

TEST(LatencyHistogram, TakesTheLargestValues) {
  LatencyHistogram histogram;
  histogram.record(nanoseconds::max());
  histogram.record(nanoseconds(-1));
  EXPECT_EQ(histogram.quantile(1), nanoseconds::max());
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(0));
}

TEST(LatencyHistogram, MergeAddsUp) {
  LatencyHistogram low;
  LatencyHistogram high;
  for (int i = 0; i < 99; ++i) low.record(nanoseconds(10));
  high.record(nanoseconds(50));
  low.merge(high);
  EXPECT_EQ(low.count(), 100U);
  EXPECT_EQ(low.quantile(0.99), nanoseconds(10));
  EXPECT_EQ(low.max(), nanoseconds(50));
}

}  // namespace
}  // namespace millrace::cli::bench
