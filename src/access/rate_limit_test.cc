#include "access/rate_limit.h"

#include <gtest/gtest.h>

namespace millrace::access {
namespace {

auth::Principal user(const std::string& name) {
  auth::Principal principal;
  principal.arn.append("arn:aws:iam::000000000000:user/").append(name);
  return principal;
}

size_t taken(const RateLimit& limit, const auth::Principal& principal, size_t tries) {
  size_t count = 0;
  for (size_t i = 0; i < tries; ++i) count += limit.take(principal).ok() ? 1 : 0;
  return count;
}

class RateLimitTest : public ::testing::Test {
 protected:
  void pass_milliseconds(int64_t count) { clock_.advance_microseconds(count * 1000); }

  ManualClock clock_{1'000'000};
};

TEST_F(RateLimitTest, LimitsNobodyByDefault) {
  const RateLimit limit({}, clock_);
  EXPECT_EQ(taken(limit, user("a"), 10'000), 10'000u);
}

TEST_F(RateLimitTest, GivesABurstAndThenTheRate) {
  const RateLimit limit({.requests_per_second = 10, .burst = 5}, clock_);
  EXPECT_EQ(taken(limit, user("a"), 20), 5u);
  pass_milliseconds(300);
  EXPECT_EQ(taken(limit, user("a"), 20), 3u);
  pass_milliseconds(3'600'000);
  EXPECT_EQ(taken(limit, user("a"), 20), 5u);
  const Status refused = limit.take(user("a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kThrottlingException, "Rate exceeded"}));
}

TEST_F(RateLimitTest, ASlowRateAccumulates) {
  const RateLimit limit({.requests_per_second = 0.5, .burst = 0}, clock_);
  EXPECT_EQ(taken(limit, user("a"), 2), 1u);
  for (int i = 0; i < 19; ++i) {
    pass_milliseconds(100);
    EXPECT_FALSE(limit.take(user("a")).ok());
  }
  pass_milliseconds(101);
  EXPECT_TRUE(limit.take(user("a")).ok());
}

TEST_F(RateLimitTest, PrincipalsCountApart) {
  const RateLimit limit({.requests_per_second = 1, .burst = 2}, clock_);
  EXPECT_EQ(taken(limit, user("a"), 5), 2u);
  EXPECT_EQ(taken(limit, user("b"), 5), 2u);
  EXPECT_EQ(taken(limit, *auth::anonymous_principal(), 5), 2u);
  auth::Principal unnamed;
  unnamed.access_key_id = "AKIA";
  EXPECT_EQ(taken(limit, unnamed, 5), 2u);
  const std::string long_name(5000, 'x');
  EXPECT_EQ(taken(limit, user(long_name + "1"), 5), 2u);
  EXPECT_EQ(taken(limit, user(long_name + "2"), 5), 2u);
  EXPECT_EQ(taken(limit, user(long_name + "1"), 5), 0u);
}

TEST_F(RateLimitTest, AClockThatStepsBackGivesNothing) {
  const RateLimit limit({.requests_per_second = 10, .burst = 5}, clock_);
  EXPECT_EQ(taken(limit, user("a"), 20), 5u);
  pass_milliseconds(-60'000);
  EXPECT_EQ(taken(limit, user("a"), 20), 0u);
  pass_milliseconds(100);
  EXPECT_EQ(taken(limit, user("a"), 20), 1u);
}

// Whoever comes in crowds pushes out those that lose nothing by it before those that do.
TEST_F(RateLimitTest, ManyPrincipalsTakeNoMoreMemory) {
  const RateLimit limit({.requests_per_second = 1, .burst = 100}, clock_);
  EXPECT_EQ(taken(limit, user("exhausted"), 200), 100u);
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(limit.take(user(std::to_string(i))).ok());
  }
  EXPECT_EQ(taken(limit, user("exhausted"), 200), 0u);
}

}  // namespace
}  // namespace millrace::access
