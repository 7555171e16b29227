#include "jobs/retention.h"

#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "model/item_encoding.h"
#include "streams/change_record.h"

namespace millrace::jobs {
namespace {

constexpr int64_t kSecond = 1000;
constexpr engine::PartitionId kItems = 900;

class RetentionTest : public ::testing::Test {
 protected:
  RetentionTest() { database_.stream_settings.retention_seconds = 100; }

  [[nodiscard]] int64_t now() const { return clock_.now_milliseconds(); }
  void pass_seconds(int64_t seconds) { clock_.advance_microseconds(seconds * 1'000'000); }
  void sweep() {
    auto swept = sweep_streams(database_);
    EXPECT_TRUE(swept.ok()) << swept.error().message;
  }

  static catalog::Shard shard_of(engine::PartitionId partition, engine::LogPosition first) {
    catalog::Shard shard;
    shard.id = "shard-" + std::to_string(partition) + "-" + std::to_string(first);
    shard.partition = partition;
    shard.first = first;
    return shard;
  }
  static catalog::Shard closed(catalog::Shard shard, engine::LogPosition last,
                               int64_t closed_milliseconds) {
    shard.last = last;
    shard.closed_milliseconds = closed_milliseconds;
    return shard;
  }
  static catalog::Stream stream_of(const std::string& label, std::vector<catalog::Shard> shards) {
    catalog::Stream stream;
    stream.table_name = "orders";
    stream.table_id = "id";
    stream.label = label;
    stream.key_schema.partition_key = {"pk", AttributeType::kString};
    stream.shards = std::move(shards);
    return stream;
  }
  static catalog::Stream disabled(catalog::Stream stream, int64_t milliseconds) {
    stream.enabled = false;
    stream.disabled_milliseconds = milliseconds;
    return stream;
  }
  // The last stream is the table's latest. Without a table they are what a deleted one left.
  void publish(const std::vector<catalog::Stream>& streams,
               const std::vector<catalog::Partition>& partitions) {
    catalog::Change change;
    for (const catalog::Stream& stream : streams) {
      change.streams.push_back(std::make_shared<const catalog::Stream>(stream));
    }
    if (!partitions.empty()) {
      auto table = std::make_shared<catalog::Table>();
      table->name = "orders";
      table->id = "id";
      table->key_schema.partition_key = {"pk", AttributeType::kString};
      table->items_partition = kItems;
      table->partitions = partitions;
      if (!streams.empty()) table->latest_stream = change.streams.back();
      change.tables.push_back(table);
      EXPECT_TRUE(database_.lanes.open(table).ok());
    }
    engine_->commit({catalog_->commit_of(change)}, [](const Status&) {});
    catalog_->publish(change);
  }
  void append(engine::PartitionId partition, engine::LogPosition position) {
    const Bytes keys = encode_item({{"pk", "a"}});
    streams::ChangeRecord record;
    record.created_milliseconds = now();
    record.keys = keys;
    engine_->commit({{partition, {}, {{position, encode_change_record(record)}}}},
                    [](const Status& status) { EXPECT_TRUE(status.ok()); });
  }
  engine::LogRange log(engine::PartitionId partition) {
    return engine_->log_range(partition).value();
  }
  catalog::StreamPointer find(const std::string& label) {
    return catalog_->find_stream("orders", label);
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  ManualClock clock_{1'000'000'000'000};
  Random random_{1};
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  ops::Database database_{*engine_, *catalog_, clock_, random_, "secret"};
};

TEST_F(RetentionTest, RecordsAreTrimmedByTheirAge) {
  publish({stream_of("a", {shard_of(1, 1)})}, {{1, 0}});
  for (engine::LogPosition position = 1; position <= 10; ++position) {
    append(1, position);
    pass_seconds(10);
  }
  sweep();
  EXPECT_EQ(log(1).first, 1u);  // exactly as old as it may be
  pass_seconds(1);
  sweep();
  EXPECT_EQ(log(1).first, 2u);
  pass_seconds(45);
  sweep();
  EXPECT_EQ(log(1).first, 6u);
  pass_seconds(1000);
  sweep();
  EXPECT_EQ(log(1).first, 11u);
  EXPECT_EQ(find("a")->shards.size(), 1u);  // it is open
}

TEST_F(RetentionTest, AStreamsOwnRetentionCounts) {
  auto stream = stream_of("a", {shard_of(1, 1)});
  stream.retention_seconds = 1000;
  publish({stream}, {{1, 0}});
  append(1, 1);
  pass_seconds(900);
  sweep();
  EXPECT_EQ(log(1).first, 1u);
  pass_seconds(101);
  sweep();
  EXPECT_EQ(log(1).first, 2u);
}

TEST_F(RetentionTest, ALogKeepsWhatItsLongestStreamNeeds) {
  append(1, 1);
  append(1, 2);
  auto old = disabled(stream_of("a", {closed(shard_of(1, 1), 1, now())}), now());
  old.retention_seconds = 1000;
  publish({old, stream_of("b", {shard_of(1, 2)})}, {{1, 0}});
  pass_seconds(500);
  sweep();
  EXPECT_EQ(log(1).first, 1u);
  pass_seconds(501);
  sweep();
  EXPECT_EQ(log(1).first, 3u);
  EXPECT_EQ(find("a"), nullptr);
}

TEST_F(RetentionTest, AClosedShardGoesWhenAllItsRecordsAreTooOldItsChildStays) {
  append(1, 1);
  auto child = shard_of(1, 2);
  child.parent_id = "shard-1-1";
  publish({stream_of("a", {closed(shard_of(1, 1), 1, now()), child})}, {{1, 0}});
  pass_seconds(100);
  sweep();
  EXPECT_EQ(find("a")->shards.size(), 2u);
  pass_seconds(1);
  append(1, 2);
  sweep();
  ASSERT_EQ(find("a")->shards.size(), 1u);
  EXPECT_EQ(find("a")->shards[0].parent_id, "shard-1-1");
  EXPECT_EQ(catalog_->find_table("orders")->latest_stream, find("a"));
  EXPECT_EQ(log(1).first, 2u);
  EXPECT_EQ(log(1).next, 3u);
}

TEST_F(RetentionTest, TheLogOfASplitPartitionIsDropped) {
  append(1, 1);
  publish({stream_of("a", {closed(shard_of(1, 1), 1, now()), shard_of(2, 2), shard_of(3, 2)})},
          {{2, 0}, {3, uint64_t{1} << 63}});
  append(2, 2);
  pass_seconds(101);
  sweep();
  EXPECT_EQ(find("a")->shards.size(), 2u);
  EXPECT_EQ(log(1).next, 1u);  // as if it had never been
  EXPECT_EQ(log(2).next, 3u);
}

TEST_F(RetentionTest, ADisabledStreamOfATableGoes) {
  append(1, 1);
  engine_->commit({{kItems, {engine::Put{"key", "item"}}, {}}}, [](const Status&) {});
  publish({disabled(stream_of("a", {closed(shard_of(1, 1), 1, now())}), now())}, {{1, 0}});
  pass_seconds(100);
  sweep();
  ASSERT_NE(find("a"), nullptr);
  pass_seconds(1);
  sweep();
  EXPECT_EQ(find("a"), nullptr);
  EXPECT_EQ(catalog_->find_table("orders")->latest_stream, nullptr);
  // What the table uses stays, and positions go on rising.
  EXPECT_EQ(log(1).first, 2u);
  EXPECT_EQ(engine_->get(kItems, "key").value(), "item");
}

TEST_F(RetentionTest, TheStreamsOfADeletedTableGoWithTheirLogs) {
  append(1, 1);
  append(2, 1);
  publish({disabled(stream_of("a", {closed(shard_of(1, 1), 1, now())}), now()),
           disabled(stream_of("b", {closed(shard_of(2, 1), 1, now())}), now() + 50 * kSecond)},
          {});
  pass_seconds(101);
  sweep();
  EXPECT_EQ(find("a"), nullptr);
  EXPECT_NE(find("b"), nullptr);
  EXPECT_EQ(log(1).next, 1u);
  pass_seconds(50);
  sweep();
  EXPECT_EQ(find("b"), nullptr);
  EXPECT_EQ(log(2).next, 1u);
  // It is gone from what is stored, too.
  auto reopened = catalog::Catalog::open(*engine_, {}).value();
  EXPECT_EQ(reopened->find_stream("orders", "a"), nullptr);
}

TEST_F(RetentionTest, ATableMadeLaterUnderTheNameIsLeftAlone) {
  append(1, 1);
  auto old = disabled(stream_of("a", {closed(shard_of(1, 1), 1, now())}), now());
  old.table_id = "before";
  publish({old, stream_of("b", {shard_of(2, 1)})}, {{2, 0}});
  append(2, 1);
  pass_seconds(60);
  append(2, 2);
  pass_seconds(41);
  sweep();
  EXPECT_EQ(find("a"), nullptr);
  ASSERT_NE(find("b"), nullptr);
  EXPECT_EQ(log(2).first, 2u);
}

TEST_F(RetentionTest, SweepsAsOftenAsTheShortestRetentionAsksFor) {
  Retention retention(database_);
  EXPECT_EQ(retention.step().value(), Pause());  // no stream
  auto stream = stream_of("a", {shard_of(1, 1)});
  publish({stream}, {{1, 0}});
  EXPECT_EQ(retention.step().value(), std::chrono::seconds(5));
  clock_.advance_microseconds(2'000'000);
  EXPECT_EQ(retention.step().value(), std::chrono::seconds(3));
  database_.stream_settings.retention_seconds = 1;
  EXPECT_EQ(retention.step().value(), std::chrono::milliseconds(200));
  database_.stream_settings.retention_seconds = 1'000'000;
  pass_seconds(60);
  EXPECT_EQ(retention.step().value(), std::chrono::seconds(60));
}

}  // namespace
}  // namespace millrace::jobs
