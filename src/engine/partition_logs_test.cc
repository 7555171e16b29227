#include "engine/partition_logs.h"

#include <gtest/gtest.h>

namespace millrace::engine {
namespace {

TEST(PartitionLogsDeathTest, APositionThatDoesNotRiseStopsTheProcess) {
  LogRange range{.first = 1, .next = 1};
  EXPECT_DEATH(extend(range, {{0, ""}}), "record.position >= range.next");
  extend(range, {{5, ""}});
  EXPECT_DEATH(extend(range, {{5, ""}}), "record.position >= range.next");
  EXPECT_DEATH(extend(range, {{8, ""}, {7, ""}}), "record.position >= range.next");
}

TEST(PartitionLogs, AWaitOnAPartitionThatCannotBeReadIsOver) {
  PartitionLogs logs([](PartitionId) -> Result<LogRange> { return internal_error("disk"); });
  bool ready = false;
  logs.wait(1, 1, [&] { ready = true; });
  EXPECT_TRUE(ready);
  EXPECT_FALSE(logs.range(1).ok());
}

TEST(PartitionLogs, ForgettingDropsTheWaits) {
  PartitionLogs logs([](PartitionId) { return LogRange{.first = 1, .next = 1}; });
  const auto held = std::make_shared<int>();
  logs.wait(1, 1, [held] {});
  EXPECT_EQ(held.use_count(), 2);
  logs.forget(1);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace millrace::engine
