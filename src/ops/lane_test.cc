#include "ops/lane.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "model/item_encoding.h"
#include "ops/held_engine_testing.h"
#include "ops/item_write.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

constexpr engine::PartitionId kPartition = 1;
constexpr engine::PartitionId kItems = 9;

class LaneTest : public ::testing::Test {
 protected:
  LaneTest() {
    catalog::Table table;
    table.id = "id";
    table.name = "orders";
    table.key_schema.partition_key = {"pk", AttributeType::kString};
    table.items_partition = kItems;
    table.partitions = {{kPartition, 0}};
    Random random(1);
    table.latest_stream = std::make_shared<const catalog::Stream>(
        streams::begin_stream(table, catalog::StreamViewType::kNewAndOldImages, {{kPartition, 1}},
                              nullptr, 1'000, random));
    table_ = std::make_shared<const catalog::Table>(table);
    catalog_->publish({{table_}, {}, {table.latest_stream}});
    database_.lanes.add(kPartition, open_lane());
  }

  std::shared_ptr<Lane> open_lane() {
    return Lane::open({engine_, *catalog_, clock_, database_.lanes}, table_, kPartition).value();
  }

  static Item item_of(const std::string& key, const std::string& value) {
    return {{"pk", key}, {"value", value}};
  }
  void write(const std::string& key, DecideItem decide) {
    write_item(database_, *table_, make_item_key(table_->key_schema, {{"pk", key}}),
               std::move(decide), [this](Result<WrittenItem> written) {
                 outcomes_.push_back(written.ok() ? "ok" : written.error().message);
               });
  }
  void put(const std::string& key, const std::string& value) {
    write(key, [=](const auto&) { return std::optional(encode_item(item_of(key, value))); });
  }
  void remove(const std::string& key) {
    write(key, [](const auto&) { return std::optional<Bytes>(); });
  }
  // Refused unless the item's value is `expected`.
  void put_if(const std::string& key, const std::string& expected, const std::string& value) {
    write(key, [=](const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
      if (before != encode_item(item_of(key, expected))) return validation_error("refused");
      return std::optional(encode_item(item_of(key, value)));
    });
  }
  std::vector<std::string> records() {
    std::vector<std::string> names;
    EXPECT_TRUE(engine_
                    .read_log(kPartition, 0,
                              [&](engine::LogPosition position, ByteView value) {
                                auto record = streams::decode_change_record(value);
                                const int name = static_cast<int>(record->event_name);
                                names.push_back(std::to_string(position) + "IMR"[name]);
                                return true;
                              })
                    .ok());
    return names;
  }

  HeldEngine engine_;
  ManualClock clock_{1'000'000};
  Random random_{1};
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(engine_, {}).value();
  Database database_{engine_, *catalog_, clock_, random_, "secret"};
  catalog::TablePointer table_;
  std::vector<std::string> outcomes_;
};

using Names = std::vector<std::string>;

TEST_F(LaneTest, WritesThatWaitShareOneCommit) {
  put("a", "1");
  for (int i = 0; i < 50; ++i) put("b", std::to_string(i));
  EXPECT_EQ(engine_.held(), 1u);
  EXPECT_TRUE(outcomes_.empty()) << "nothing is acknowledged before it is durable";
  engine_.release();
  EXPECT_EQ(outcomes_.size(), 1u);
  EXPECT_EQ(engine_.held(), 1u) << "all that waited";
  engine_.release();
  EXPECT_EQ(outcomes_.size(), 51u);
  EXPECT_EQ(engine_.held(), 0u);
  EXPECT_EQ(records().size(), 51u);
}

TEST_F(LaneTest, ABatchSeesItsOwnChanges) {
  put("hold", "the lane");
  put("a", "1");
  put_if("a", "1", "2");
  put_if("a", "1", "3");
  remove("a");
  put("a", "4");
  engine_.release();
  engine_.release();
  EXPECT_EQ(outcomes_, (Names{"ok", "ok", "ok", "refused", "ok", "ok"}));
  EXPECT_EQ(records(), (Names{"1I", "2I", "3M", "4R", "5I"}));
}

TEST_F(LaneTest, ARefusalIsHeardOnlyWhenWhatItSawIsDurable) {
  put("a", "1");
  engine_.release();
  put("hold", "the lane");
  put("a", "2");
  put_if("a", "1", "3");
  engine_.release();
  EXPECT_EQ(outcomes_, (Names{"ok", "ok"}));
  engine_.release();
  EXPECT_EQ(outcomes_, (Names{"ok", "ok", "ok", "refused"}));
}

TEST_F(LaneTest, WhatChangesNothingNeedsNoCommit) {
  put("a", "1");
  engine_.release();
  put("a", "1");
  remove("missing");
  put_if("a", "other", "2");
  EXPECT_EQ(engine_.held(), 0u);
  EXPECT_EQ(outcomes_, (Names{"ok", "ok", "ok", "refused"}));
  EXPECT_EQ(records(), (Names{"1I"}));
}

TEST_F(LaneTest, AFailedCommitAcknowledgesNothing) {
  put("a", "1");
  engine_.fail();
  EXPECT_EQ(outcomes_, (Names{"no disk"}));
  EXPECT_EQ(database_.lanes.find(kPartition)->statistics().items.item_count, 0);
}

TEST_F(LaneTest, StatisticsAreThoseOfCommittedItems) {
  put("a", "1");
  EXPECT_EQ(database_.lanes.find(kPartition)->statistics().items.item_count, 0);
  engine_.release();
  put("b", "22");
  put("a", "333");
  engine_.release();
  engine_.release();
  for (const auto& lane : {database_.lanes.find(kPartition), open_lane()}) {
    EXPECT_EQ(lane->statistics().items.item_count, 2);
    EXPECT_EQ(lane->statistics().items.item_bytes, (2 + 1 + 5 + 3) + (2 + 1 + 5 + 2));
  }
  remove("a");
  engine_.release();
  EXPECT_EQ(open_lane()->statistics().items.item_count, 1);
}

TEST_F(LaneTest, AReopenedLaneGoesOnAboveTheLog) {
  put("a", "1");
  engine_.release();
  database_.lanes.add(kPartition, open_lane());
  put("a", "2");
  engine_.release();
  EXPECT_EQ(records(), (Names{"1I", "2M"}));
}

TEST_F(LaneTest, BatchesAreBounded) {
  put("hold", "the lane");
  const std::string large(300'000, 'x');
  for (int i = 0; i < 100; ++i) put("key " + std::to_string(i), large);
  engine_.release();
  int commits = 0;
  for (; engine_.held() > 0; ++commits) engine_.release();
  EXPECT_GT(commits, 5);
  EXPECT_EQ(outcomes_.size(), 101u);
}

// Drops the partition, as DeleteTable does.
class Drop final : public LaneWrite {
 public:
  Status evaluate(LaneBatch& batch) override {
    batch.drop_partition();
    batch.change_catalog({{}, {"orders"}, {}});
    return Done{};
  }
  void complete(Status /*status*/) override {}
  void move_on(std::unique_ptr<LaneWrite> /*self*/, const Lane& /*split*/) override {}
};

TEST_F(LaneTest, WritesBehindADropFindNoTable) {
  put("a", "1");
  database_.lanes.find(kPartition)->submit(std::make_unique<Drop>());
  put("b", "1");
  engine_.release();
  engine_.release();
  EXPECT_EQ(outcomes_, (Names{"ok", "Requested resource not found"}));
  EXPECT_FALSE(catalog_->find_table("orders"));
  EXPECT_EQ(records(), (Names{"1I"})) << "the log outlives the items";
  int keys = 0;
  EXPECT_TRUE(engine_
                  .scan(kPartition, {}, engine::Direction::kForward,
                        [&](ByteView, ByteView) { return ++keys > 0; })
                  .ok());
  EXPECT_EQ(keys, 0);
}

}  // namespace
}  // namespace millrace::ops
