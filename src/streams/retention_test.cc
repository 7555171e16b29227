#include "streams/retention.h"

#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "model/item_encoding.h"
#include "streams/change_record.h"

namespace millrace::streams {
namespace {

constexpr engine::PartitionId kPartition = 1;

class PositionAtTime : public ::testing::Test {
 protected:
  void append(engine::LogPosition position, int64_t created_milliseconds) {
    const Bytes keys = encode_item({{"pk", "a"}});
    ChangeRecord record;
    record.created_milliseconds = created_milliseconds;
    record.keys = keys;
    engine_->commit({{kPartition, {}, {{position, encode_change_record(record)}}}},
                    [](const Status& status) { EXPECT_TRUE(status.ok()); });
  }
  engine::LogPosition find(int64_t milliseconds) {
    const auto range = engine_->log_range(kPartition).value();
    return position_at_time(*engine_, kPartition, range, milliseconds).value();
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
};

TEST_F(PositionAtTime, IsTheEndOfAnEmptyLog) {
  EXPECT_EQ(find(5), 1u);
}

TEST_F(PositionAtTime, IsTheFirstRecordThatIsNotOlder) {
  // Pairs share a time; positions have gaps.
  for (uint64_t i = 0; i < 100; ++i) append(10 + i * 3, 1000 + static_cast<int64_t>(i / 2) * 10);
  for (uint64_t i = 0; i < 100; i += 2) {
    const int64_t time = 1000 + static_cast<int64_t>(i / 2) * 10;
    // Trimming below one or the other leaves the same records.
    const auto at = find(time);
    EXPECT_LE(at, 10 + i * 3) << i;
    EXPECT_GT(at, i == 0 ? 0 : 10 + (i - 1) * 3) << i;
    EXPECT_GT(find(time + 1), 10 + (i + 1) * 3) << i;
  }
  EXPECT_EQ(find(0), 1u);
  EXPECT_EQ(find(1'000'000), engine_->log_range(kPartition).value().next);
}

TEST_F(PositionAtTime, LooksOnlyAtWhatIsThere) {
  for (uint64_t i = 1; i <= 10; ++i) append(i, static_cast<int64_t>(i));
  ASSERT_TRUE(engine_->trim_log(kPartition, 6).ok());
  EXPECT_EQ(find(3), 6u);
  EXPECT_EQ(find(8), 8u);
}

TEST(RetentionTag, IsAPositiveNumberOfHours) {
  EXPECT_EQ(retention_seconds_of({}).value(), 0);
  EXPECT_EQ(retention_seconds_of({{kRetentionTag, "1"}}).value(), 3600);
  EXPECT_EQ(retention_seconds_of({{kRetentionTag, "876000"}}).value(), int64_t{876'000} * 3600);
  for (const char* bad : {"", "0", "-1", "1.5", "24h", " 1", "876001", "99999999999999999999"}) {
    auto read = retention_seconds_of({{kRetentionTag, bad}});
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().code, ErrorCode::kValidationException);
  }
}

TEST(Retention, IsTheStreamsOwnOrTheServers) {
  catalog::Stream stream;
  StreamSettings settings;
  settings.retention_seconds = 7;
  EXPECT_EQ(retention_milliseconds(stream, settings), 7'000);
  stream.retention_seconds = 3600;
  EXPECT_EQ(retention_milliseconds(stream, settings), 3'600'000);
}

}  // namespace
}  // namespace millrace::streams
