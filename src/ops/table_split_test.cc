#include "ops/table_split.h"

#include <gmock/gmock.h>

#include "model/item_encoding.h"
#include "ops/held_engine_testing.h"
#include "ops/item_write.h"
#include "ops/table_request.h"
#include "ops/transaction.h"

namespace millrace::ops {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr engine::PartitionId kItems = 9;

class Split final : public TableChange {
 public:
  Split(Database& database, const catalog::Table& table, Reply reply)
      : TableChange(database, table, std::move(reply)), database_(database) {}

 private:
  Status apply(LaneBatches batches, catalog::Table& table, catalog::Change& change) override {
    std::vector<size_t> all;
    for (size_t number = 0; number < batches.size(); ++number) all.push_back(number);
    TRY(split_partitions(database_, batches, all, table, change));
    return Done{};
  }
  std::string response(const catalog::Table& /*table*/) override { return ""; }

  Database& database_;
};

class TableSplitTest : public testing::Test {
 protected:
  explicit TableSplitTest(engine::PartitionId items = kItems) : items_(items) {
    catalog::Table table;
    table.id = "id";
    table.name = "orders";
    table.key_schema.partition_key = {"pk", AttributeType::kString};
    table.items_partition = items_;
    table.partitions = {{catalog_->new_partition_id(), 0}};
    table.latest_stream = std::make_shared<const catalog::Stream>(
        streams::begin_stream(table, catalog::StreamViewType::kNewAndOldImages,
                              {{table.partitions.front().id, 1}}, nullptr, 1'000, random_));
    const auto shared = std::make_shared<const catalog::Table>(table);
    EXPECT_TRUE(database_.lanes.open(shared).ok());
    catalog_->publish({{shared}, {}, {table.latest_stream}});
    before_ = shared;
  }

  [[nodiscard]] catalog::TablePointer table() const { return catalog_->find_table("orders"); }
  static Bytes item(const std::string& key, const std::string& value) {
    return encode_item({{"pk", key}, {"value", value}});
  }
  [[nodiscard]] ItemKey key(const std::string& name) const {
    return make_item_key(before_->key_schema, {{"pk", name}});
  }
  // As a request does that found the table before it was split.
  void put(const std::string& name, const std::string& value) {
    write_item(
        database_, *before_, key(name),
        [=](const auto&) { return std::optional(item(name, value)); },
        [this](const Result<WrittenItem>& written) { note(written.ok(), "put"); });
  }
  void transact(const std::vector<std::string>& names, const std::string& value) {
    std::vector<TransactionAction> actions;
    for (const std::string& name : names) {
      actions.push_back(
          {before_, key(name), [=](const auto&) { return std::optional(item(name, value)); }});
    }
    write_transaction(
        database_, std::move(actions), std::nullopt,
        [this](const Result<std::vector<WrittenItem>>& written) { note(written.ok(), "all"); });
  }
  void split() {
    database_.joint_writes.submit(std::make_unique<Split>(
        database_, *before_,
        [this](const Result<std::string>& changed) { note(changed.ok(), "split"); }));
  }
  void note(bool ok, const std::string& what) {
    outcomes_.push_back(what + (ok ? " ok" : " failed"));
  }
  void release_all() {
    while (engine_.held() > 0) engine_.release();
  }
  [[nodiscard]] bool has(const std::string& name, const std::string& value) {
    return engine_.get(items_, key(name).storage_key).value() == item(name, value);
  }
  // Of all shards of the stream, in the order of the shards: the keys of their records.
  std::vector<std::string> records() {
    std::vector<std::string> found;
    for (const catalog::Shard& shard : table()->latest_stream->shards) {
      EXPECT_TRUE(engine_
                      .read_log(shard.partition, shard.first,
                                [&](engine::LogPosition position, ByteView value) {
                                  if (shard.last && position > *shard.last) return false;
                                  const auto record = streams::decode_change_record(value);
                                  const Item keys = decode_item(record->keys).value();
                                  found.push_back(*keys.at("pk").get_if<std::string>());
                                  return true;
                                })
                      .ok());
    }
    return found;
  }

  const engine::PartitionId items_;
  HeldEngine engine_;
  ManualClock clock_{1'000'000};
  Random random_{1};
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(engine_, {}).value();
  Database database_{engine_, *catalog_, clock_, random_, "secret"};
  catalog::TablePointer before_;
  std::vector<std::string> outcomes_;
};

TEST_F(TableSplitTest, WhatWaitsBehindASplitMovesOn) {
  put("a", "1");
  split();
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) put(name, "2");
  release_all();
  EXPECT_EQ(outcomes_.size(), 8u);
  EXPECT_THAT(outcomes_, Each(testing::EndsWith(" ok")));
  ASSERT_EQ(table()->partitions.size(), 2u);
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) EXPECT_TRUE(has(name, "2")) << name;
  EXPECT_EQ(records().size(), 7u);
  for (const catalog::Partition& partition : table()->partitions) {
    EXPECT_GT(engine_.log_range(partition.id)->next, 2u) << "both halves have got records";
  }
}

TEST_F(TableSplitTest, ARequestThatKnowsTheTableOfBeforeIsWrittenWhereItBelongs) {
  split();
  release_all();
  split();
  release_all();
  EXPECT_EQ(table()->partitions.size(), 4u);
  put("a", "1");
  release_all();
  EXPECT_THAT(outcomes_, ElementsAre("split ok", "split ok", "put ok"));
  const catalog::Partition& partition = table()->partition_of(key("a").hash);
  EXPECT_EQ(engine_.log_range(partition.id)->next, 4u) << "behind what three shards took";
}

TEST_F(TableSplitTest, ATransactionMovesOnToBothHalves) {
  put("hold", "the lane");
  split();
  transact({"a", "b", "c", "d", "e", "f"}, "1");
  release_all();
  EXPECT_THAT(outcomes_, ElementsAre("put ok", "split ok", "all ok"));
  transact({"a", "b", "c", "d", "e", "f"}, "2");
  split();
  transact({"a", "b", "c", "d", "e", "f"}, "3");
  put("a", "4");
  release_all();
  EXPECT_EQ(outcomes_.size(), 7u);
  EXPECT_THAT(outcomes_, Each(testing::EndsWith(" ok")));
  EXPECT_TRUE(has("f", "3"));
  EXPECT_EQ(records().size(), 1u + 6 * 3 + 1);
}

TEST_F(TableSplitTest, TheStatisticsOfTheTableStay) {
  for (const char* name : {"a", "b", "c", "d", "e"}) put(name, "1");
  split();
  release_all();
  EXPECT_EQ(statistics_of(database_, *table()).items.item_count, 5);
  split();
  put("a", "11");
  release_all();
  EXPECT_EQ(statistics_of(database_, *table()).items.item_count, 5);
  EXPECT_EQ(statistics_of(database_, *table()).items.item_bytes, 5 * (2 + 1 + 5 + 1) + 1);
  // As after a restart.
  EXPECT_TRUE(database_.lanes.open(table()).ok());
  EXPECT_EQ(statistics_of(database_, *table()).items.item_bytes, 5 * (2 + 1 + 5 + 1) + 1);
}

// Whose items lie with the statistics of its first partition.
class TableWithItemsInItsPartition : public TableSplitTest {
 protected:
  TableWithItemsInItsPartition() : TableSplitTest(1) {}
};

TEST_F(TableWithItemsInItsPartition, KeepsThemWhenItSplits) {
  for (const char* name : {"a", "b", "c", "d", "e"}) put(name, "1");
  release_all();
  ASSERT_EQ(table()->partitions.front().id, items_);
  split();
  put("a", "2");
  split();
  put("b", "2");
  release_all();
  EXPECT_THAT(outcomes_, Each(testing::EndsWith(" ok")));
  EXPECT_TRUE(has("a", "2") && has("b", "2") && has("c", "1") && has("e", "1"));
  EXPECT_EQ(statistics_of(database_, *table()).items.item_count, 5);
  EXPECT_FALSE(*engine_.get(items_, kStatisticsKey)) << "those of the partition that split";
}

TEST_F(TableSplitTest, AFailedCommitSplitsNothing) {
  split();
  engine_.fail();
  EXPECT_THAT(outcomes_, ElementsAre("split failed"));
  EXPECT_EQ(table()->partitions.size(), 1u);
  EXPECT_EQ(table()->latest_stream->shards.size(), 1u);
}

TEST_F(TableSplitTest, ThereIsAMostOfPartitions) {
  for (int i = 0; i < 10; ++i) split();
  release_all();
  EXPECT_EQ(table()->partitions.size(), kPartitionsMax);
  split();
  release_all();
  EXPECT_EQ(outcomes_.back(), "split failed");
  EXPECT_EQ(table()->partitions.size(), kPartitionsMax);
}

}  // namespace
}  // namespace millrace::ops
