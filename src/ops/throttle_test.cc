#include "ops/throttle.h"

#include <gtest/gtest.h>

namespace millrace::ops {
namespace {

catalog::Table provisioned(int64_t reads, int64_t writes) {
  catalog::Table table;
  table.id = "id";
  table.name = "orders";
  table.throughput.read_capacity_units = reads;
  table.throughput.write_capacity_units = writes;
  return table;
}

class ThrottleTest : public testing::Test {
 protected:
  // Units that are admitted one by one before the first refusal.
  int writes_until_refused(const catalog::Table& table, int most) {
    for (int count = 0; count < most; ++count) {
      if (!throttle_.admit_write(table).ok()) return count;
      throttle_.charge(CapacityKind::kWrite, table, {"orders", 1, {}});
    }
    return most;
  }

  ThrottleTest() { throttle_.enable(); }

  ManualClock clock_{1'000'000'000};
  Throttle throttle_{clock_};
};

TEST_F(ThrottleTest, AdmitsWhatIsProvisionedASecond) {
  const auto table = provisioned(1, 5);
  EXPECT_EQ(writes_until_refused(table, 100), 5);
  clock_.advance_microseconds(400'000);
  EXPECT_EQ(writes_until_refused(table, 100), 2);
  const Status refused = throttle_.admit_write(table);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kProvisionedThroughputExceededException);
  EXPECT_TRUE(throttle_.admit_read(table, nullptr).ok());
}

TEST_F(ThrottleTest, KeepsFiveMinutesOfUnusedUnits) {
  const auto table = provisioned(1, 2);
  EXPECT_EQ(writes_until_refused(table, 100), 2);
  clock_.advance_microseconds(3'600'000'000);
  EXPECT_EQ(writes_until_refused(table, 10'000), 600);
}

TEST_F(ThrottleTest, ADebtIsPaidBeforeTheNextIsAdmitted) {
  const auto table = provisioned(1, 1);
  throttle_.charge(CapacityKind::kWrite, table, {"orders", 11, {}});
  clock_.advance_microseconds(9'900'000);
  EXPECT_FALSE(throttle_.admit_write(table).ok());
  clock_.advance_microseconds(200'000);
  EXPECT_TRUE(throttle_.admit_write(table).ok());
}

TEST_F(ThrottleTest, AnIndexWithoutUnitsStopsWritesOfItsTable) {
  auto table = provisioned(10, 10);
  catalog::Index index;
  index.name = "by-status";
  index.number = 1;
  index.global = true;
  index.throughput.write_capacity_units = 1;
  table.indexes.push_back(index);
  EXPECT_TRUE(throttle_.admit_write(table).ok());
  throttle_.charge(CapacityKind::kWrite, table, {"orders", 1, {{"by-status", true, 2}}});
  EXPECT_FALSE(throttle_.admit_write(table).ok());
}

TEST_F(ThrottleTest, LimitsNothingWhenOffOrPaidPerRequest) {
  auto table = provisioned(1, 1);
  Throttle off{clock_};
  off.charge(CapacityKind::kWrite, table, {"orders", 100, {}});
  EXPECT_TRUE(off.admit_write(table).ok());
  table.billing_mode = catalog::BillingMode::kPayPerRequest;
  throttle_.charge(CapacityKind::kWrite, table, {"orders", 100, {}});
  EXPECT_TRUE(throttle_.admit_write(table).ok());
}

}  // namespace
}  // namespace millrace::ops
