#include "functions/concurrency.h"

#include <gtest/gtest.h>

namespace millrace::functions {
namespace {

TEST(ConcurrencyTest, BoundsAllTogether) {
  Concurrency concurrency(2);
  EXPECT_TRUE(concurrency.enter("a").ok());
  EXPECT_TRUE(concurrency.enter("b").ok());
  const Status refused = concurrency.enter("c");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyRequestsException);
  EXPECT_EQ(refused.error().message, "Rate Exceeded.");
  EXPECT_EQ(refused.error().members_json,
            R"("Reason":"ConcurrentInvocationLimitExceeded","Type":"User")");
  concurrency.leave("a");
  EXPECT_TRUE(concurrency.enter("c").ok());
}

TEST(ConcurrencyTest, KeepsWhatIsReserved) {
  Concurrency concurrency(3);
  concurrency.reserve("a", 2);
  EXPECT_TRUE(concurrency.enter("b").ok());
  EXPECT_FALSE(concurrency.enter("b").ok());
  EXPECT_TRUE(concurrency.enter("a").ok());
  EXPECT_TRUE(concurrency.enter("a").ok());
  const Status refused = concurrency.enter("a");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().members_json,
            R"("Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User")");
}

TEST(ConcurrencyTest, ZeroStopsAFunctionAndNoReservationLetsItGo) {
  Concurrency concurrency(3);
  concurrency.reserve("a", 0);
  EXPECT_FALSE(concurrency.enter("a").ok());
  concurrency.reserve("a", std::nullopt);
  EXPECT_TRUE(concurrency.enter("a").ok());
}

TEST(ConcurrencyTest, CountsWhatRunsWhileTheReservationChanges) {
  Concurrency concurrency(2);
  EXPECT_TRUE(concurrency.enter("a").ok());
  concurrency.reserve("a", 1);
  EXPECT_FALSE(concurrency.enter("a").ok());
  EXPECT_TRUE(concurrency.enter("b").ok());
  EXPECT_FALSE(concurrency.enter("b").ok());
  concurrency.leave("a");
  concurrency.reserve("a", std::nullopt);
  EXPECT_TRUE(concurrency.enter("b").ok());
  EXPECT_FALSE(concurrency.enter("a").ok());
}

}  // namespace
}  // namespace millrace::functions
