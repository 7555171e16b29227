#include "ops/records_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/item_encoding.h"
#include "ops/held_engine_testing.h"
#include "streams/change_record.h"
#include "streams/sequence_number.h"

namespace millrace::ops {
namespace {

constexpr engine::PartitionId kPartition = 1;

// A page while something else happens: between its first look at the log and the rest.
class RecordsPageTest : public ::testing::Test {
 protected:
  RecordsPageTest() {
    stream_.table_name = "orders";
    stream_.table_id = "id";
    stream_.label = "2026-01-01T00:00:00.000";
    stream_.key_schema.partition_key = {"pk", AttributeType::kString};
    stream_.shards.push_back(shard_from(1));
    publish();
  }

  static catalog::Shard shard_from(engine::LogPosition first) {
    catalog::Shard shard;
    shard.id = "shard-" + std::to_string(first);
    shard.partition = kPartition;
    shard.first = first;
    return shard;
  }
  void publish() {
    catalog::Change change;
    change.streams.push_back(std::make_shared<const catalog::Stream>(stream_));
    catalog_->publish(change);
  }
  void append(engine::LogPosition first, engine::LogPosition last) {
    const Bytes keys = encode_item({{"pk", "a"}});
    streams::ChangeRecord record;
    record.keys = keys;
    for (auto position = first; position <= last; ++position) {
      engine_.commit({{kPartition, {}, {{position, encode_change_record(record)}}}},
                     [](const Status&) {});
      engine_.release();
    }
  }
  // The shard ends at `last`; another follows on the same partition.
  void roll(engine::LogPosition last) {
    stream_.shards.back().last = last;
    stream_.shards.push_back(shard_from(last + 1));
    publish();
  }
  Result<RecordsPage> page(engine::LogPosition position) {
    RecordsRequest request;
    request.iterator = {catalog::stream_arn(catalog_->site(), "orders", stream_.label), kPartition,
                        1, position, 0};
    return read_records_page(database_, request);
  }
  // The positions of the page's records, and 0 at the shard's end.
  std::vector<engine::LogPosition> read(engine::LogPosition position) {
    const auto answered = page(position);
    if (!answered.ok()) return {};
    const std::string& text = answered->text;
    std::vector<engine::LogPosition> found;
    const std::string name = R"("SequenceNumber":")";
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      found.push_back(
          streams::parse_sequence_number(std::string_view(text).substr(at + name.size(), 21))
              .value());
    }
    if (text.find("NextShardIterator") == std::string::npos) found.push_back(0);
    return found;
  }
  ErrorCode error_of(engine::LogPosition position) { return page(position).error().code; }

  HeldEngine engine_;
  ManualClock clock_{1'000'000};
  Random random_{1};
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(engine_, {}).value();
  Database database_{engine_, *catalog_, clock_, random_, "secret"};
  catalog::Stream stream_;
};

using ::testing::ElementsAre;

TEST_F(RecordsPageTest, EndsWithTheLogOrTheShard) {
  EXPECT_THAT(read(1), ElementsAre());
  EXPECT_TRUE(page(1)->worth_waiting);
  append(1, 3);
  EXPECT_THAT(read(1), ElementsAre(1, 2, 3));
  EXPECT_FALSE(page(1)->worth_waiting);
  roll(3);
  append(4, 5);
  EXPECT_THAT(read(2), ElementsAre(2, 3, 0));
  EXPECT_THAT(read(4), ElementsAre(0));
  EXPECT_FALSE(page(4)->worth_waiting);
}

TEST_F(RecordsPageTest, WhatIsWrittenBeforeTheShardClosesIsRead) {
  append(1, 2);
  engine_.after_log_range([this] {
    append(3, 4);
    roll(4);
  });
  EXPECT_THAT(read(1), ElementsAre(1, 2, 3, 4, 0));
}

TEST_F(RecordsPageTest, WhatIsWrittenAfterTheShardClosedIsNot) {
  append(1, 2);
  engine_.after_log_range([this] {
    roll(2);
    append(3, 4);
  });
  EXPECT_THAT(read(1), ElementsAre(1, 2, 0));
}

TEST_F(RecordsPageTest, AShardThatClosedWithoutRecordsEnds) {
  roll(1);
  EXPECT_THAT(read(1), ElementsAre(0));
}

TEST_F(RecordsPageTest, WhatIsTrimmedMeanwhileIsNotPassedOver) {
  append(1, 4);
  engine_.after_log_range([this] { EXPECT_TRUE(engine_.trim_log(kPartition, 3).ok()); });
  EXPECT_EQ(error_of(1), ErrorCode::kTrimmedDataAccessException);
  EXPECT_EQ(error_of(2), ErrorCode::kTrimmedDataAccessException);
  EXPECT_THAT(read(3), ElementsAre(3, 4));
}

TEST_F(RecordsPageTest, ALogThatIsDroppedMeanwhileHasNoEnd) {
  append(1, 4);
  engine_.after_log_range([this] { EXPECT_TRUE(engine_.drop(kPartition).ok()); });
  EXPECT_EQ(error_of(1), ErrorCode::kTrimmedDataAccessException);
}

TEST_F(RecordsPageTest, SoItIsWithAClosedShard) {
  append(1, 4);
  roll(4);
  engine_.after_log_range([this] { EXPECT_TRUE(engine_.drop(kPartition).ok()); });
  EXPECT_EQ(error_of(1), ErrorCode::kTrimmedDataAccessException);
}

TEST_F(RecordsPageTest, BehindTheEndOfAClosedShardNothingIsTrimmed) {
  append(1, 2);
  roll(2);
  append(3, 9);
  ASSERT_TRUE(engine_.trim_log(kPartition, 7).ok());
  EXPECT_EQ(error_of(2), ErrorCode::kTrimmedDataAccessException);
  EXPECT_THAT(read(3), ElementsAre(0));
}

}  // namespace
}  // namespace millrace::ops
