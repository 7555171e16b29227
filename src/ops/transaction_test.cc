#include "ops/transaction.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "model/item_encoding.h"
#include "ops/held_engine_testing.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kTables = 4;

// Tables number 0 to 3, each of one partition.
template <typename EngineType>
class Tables {
 public:
  explicit Tables(EngineType& the_engine) : engine(the_engine) {
    for (engine::PartitionId partition = 1; partition <= kTables; ++partition) {
      catalog::Table table;
      table.id = table.name = "table" + std::to_string(partition - 1);
      table.key_schema.partition_key = {"pk", AttributeType::kString};
      table.items_partition = 100 + partition;
      table.partitions = {{partition, 0}};
      table.latest_stream = std::make_shared<const catalog::Stream>(
          streams::begin_stream(table, catalog::StreamViewType::kNewAndOldImages, {{partition, 1}},
                                nullptr, 1'000, random));
      tables.push_back(std::make_shared<const catalog::Table>(table));
      catalog->publish({{tables.back()}, {}, {table.latest_stream}});
      EXPECT_TRUE(database.lanes.open(tables.back()).ok());
    }
  }

  [[nodiscard]] ItemKey key(size_t table, const std::string& key) const {
    return make_item_key(tables[table]->key_schema, {{"pk", key}});
  }
  static Bytes item(const std::string& key, const std::string& value) {
    return encode_item({{"pk", key}, {"value", value}});
  }
  [[nodiscard]] TransactionAction put(size_t table, const std::string& name,
                                      const std::string& value) const {
    return {tables[table], key(table, name),
            [=](const auto&) { return std::optional(item(name, value)); }};
  }
  [[nodiscard]] TransactionAction refuse(size_t table, const std::string& name) const {
    return {tables[table], key(table, name), [](const auto&) -> Result<std::optional<Bytes>> {
              return Error{ErrorCode::kConditionalCheckFailedException, "no", "\"Item\":{}"};
            }};
  }
  [[nodiscard]] bool has(size_t table, const std::string& name, const std::string& value) const {
    return engine.get(101 + table, key(table, name).storage_key).value() == item(name, value);
  }
  [[nodiscard]] size_t records(size_t table) const {
    auto range = engine.log_range(table + 1).value();
    return range.next - range.first;
  }

  EngineType& engine;
  ManualClock clock{1'000'000};
  Random random{1};
  std::unique_ptr<catalog::Catalog> catalog = catalog::Catalog::open(engine, {}).value();
  Database database{engine, *catalog, clock, random, "secret"};
  std::vector<catalog::TablePointer> tables;
};

class TransactionTest : public testing::Test {
 protected:
  void transact(const std::string& name, std::vector<TransactionAction> actions,
                std::optional<TokenedRequest> request = std::nullopt) {
    write_transaction(
        at_.database, std::move(actions), std::move(request),
        [this, name](Result<std::vector<WrittenItem>> written) {
          outcomes_.push_back(name + ": " + (written.ok() ? "ok" : written.error().message));
          if (!written.ok()) members_json_ = written.error().members_json;
        });
  }
  void put(size_t table, const std::string& key, const std::string& value) {
    transact(key, {at_.put(table, key, value)});
  }
  void release_all() {
    while (engine_.held() > 0) engine_.release();
  }

  HeldEngine engine_;
  Tables<HeldEngine> at_{engine_};
  std::vector<std::string> outcomes_;
  std::string members_json_;
};

TEST_F(TransactionTest, OverSeveralLanesIsOneCommit) {
  transact("t", {at_.put(0, "a", "1"), at_.put(2, "b", "2"), at_.put(0, "c", "3")});
  EXPECT_EQ(engine_.held(), 1U);
  EXPECT_THAT(outcomes_, IsEmpty());
  engine_.release();
  EXPECT_THAT(outcomes_, ElementsAre("t: ok"));
  EXPECT_TRUE(at_.has(0, "a", "1") && at_.has(2, "b", "2") && at_.has(0, "c", "3"));
  EXPECT_EQ(at_.records(0), 2U);
  EXPECT_EQ(at_.records(2), 1U);
  EXPECT_EQ(at_.database.lanes.find(1)->statistics().items.item_count, 2);
  EXPECT_EQ(at_.database.lanes.find(3)->statistics().items.item_count, 1);
}

TEST_F(TransactionTest, OverOneLaneSharesACommit) {
  put(0, "hold", "the lane");
  put(0, "before", "1");
  transact("t", {at_.put(0, "a", "1"), at_.put(0, "b", "2")});
  put(0, "after", "1");
  engine_.release();
  EXPECT_EQ(engine_.held(), 1U);
  engine_.release();
  EXPECT_THAT(outcomes_, ElementsAre("hold: ok", "before: ok", "t: ok", "after: ok"));
}

TEST_F(TransactionTest, WaitsForWhatIsUnderWayAndHoldsWhatComesAfter) {
  put(0, "hold0", "x");
  transact("t", {at_.put(0, "a", "1"), at_.put(1, "a", "1")});
  put(1, "later", "x");
  put(2, "elsewhere", "x");
  EXPECT_EQ(engine_.held(), 2U) << "table 1 waits for table 0, table 2 for nobody";
  engine_.release();
  engine_.release();
  EXPECT_THAT(outcomes_, ElementsAre("hold0: ok", "elsewhere: ok"));
  engine_.release();
  EXPECT_THAT(outcomes_, ElementsAre("hold0: ok", "elsewhere: ok", "t: ok"));
  release_all();
  EXPECT_EQ(outcomes_.back(), "later: ok");
}

TEST_F(TransactionTest, SeesWhatCameBeforeInEveryLane) {
  put(0, "hold0", "x");
  put(1, "hold1", "x");
  put(0, "a", "1");
  put(1, "a", "1");
  auto expect = [&](size_t table) {
    return TransactionAction{
        at_.tables[table], at_.key(table, "a"),
        [](const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
          if (before != Tables<HeldEngine>::item("a", "1")) {
            return validation_error("not seen");
          }
          return std::optional(Tables<HeldEngine>::item("a", "2"));
        }};
  };
  transact("t", {expect(0), expect(1)});
  release_all();
  EXPECT_EQ(outcomes_.back(), "t: ok");
}

TEST_F(TransactionTest, CrossingOrdersDoNotWaitForEachOther) {
  put(0, "hold0", "x");
  put(1, "hold1", "x");
  transact("t1", {at_.put(0, "a", "1"), at_.put(1, "a", "1"), at_.put(2, "a", "1")});
  transact("t2", {at_.put(1, "a", "2"), at_.put(0, "a", "2")});
  transact("t3", {at_.put(2, "a", "3"), at_.put(1, "a", "3")});
  release_all();
  EXPECT_THAT(outcomes_, ElementsAre("hold0: ok", "hold1: ok", "t1: ok", "t2: ok", "t3: ok"));
  EXPECT_TRUE(at_.has(0, "a", "2") && at_.has(1, "a", "3") && at_.has(2, "a", "3"));
}

TEST_F(TransactionTest, OneRefusalIsTheRefusalOfAll) {
  transact("t", {at_.put(0, "a", "1"), at_.refuse(1, "b"), at_.put(1, "c", "1")});
  put(1, "later", "x");
  release_all();
  EXPECT_THAT(outcomes_,
              ElementsAre("t: Transaction cancelled, please refer cancellation reasons for "
                          "specific reasons [None, ConditionalCheckFailed, None]",
                          "later: ok"));
  EXPECT_EQ(members_json_,
            R"("CancellationReasons":[{"Code":"None"},)"
            R"({"Code":"ConditionalCheckFailed","Message":"no","Item":{}},{"Code":"None"}])");
  EXPECT_EQ(at_.records(0), 0U);
  EXPECT_EQ(at_.records(1), 1U);
  EXPECT_FALSE(at_.has(0, "a", "1"));
}

TEST_F(TransactionTest, AFailedCommitAcknowledgesNothingInAnyLane) {
  transact("t", {at_.put(0, "a", "1"), at_.put(1, "a", "1")});
  engine_.fail();
  EXPECT_THAT(outcomes_, ElementsAre("t: no disk"));
  for (engine::PartitionId partition : {1, 2}) {
    EXPECT_EQ(at_.database.lanes.find(partition)->statistics().items.item_count, 0);
  }
}

// Drops the partition, as DeleteTable does.
class Drop final : public LaneWrite {
 public:
  Status evaluate(LaneBatch& batch) override {
    batch.drop_partition();
    batch.change_catalog({{}, {"table0"}, {}});
    return Done{};
  }
  void complete(Status /*status*/) override {}
  void move_on(std::unique_ptr<LaneWrite> /*self*/, const Lane& /*split*/) override {}
};

TEST_F(TransactionTest, ADroppedTableRefusesItAndTheOthersRunOn) {
  at_.database.lanes.find(1)->submit(std::make_unique<Drop>());
  transact("t", {at_.put(0, "a", "1"), at_.put(1, "a", "1")});
  put(1, "b", "1");
  release_all();
  EXPECT_THAT(outcomes_, ElementsAre("t: Requested resource not found", "b: ok"));
  EXPECT_FALSE(at_.has(1, "a", "1"));
  at_.database.lanes.remove_all("table0");
  transact("t", {at_.put(1, "a", "1"), at_.put(0, "a", "1")});
  EXPECT_EQ(outcomes_.back(), "t: Requested resource not found");
}

TEST_F(TransactionTest, OneItemTwiceIsRefused) {
  EXPECT_TRUE(check_distinct({at_.put(0, "a", "1"), at_.put(1, "a", "1")}).ok());
  EXPECT_FALSE(check_distinct({at_.put(0, "a", "1"), at_.put(0, "a", "2")}).ok());
}

// Transfers among all accounts, in any order, by many threads: nothing deadlocks, nothing is lost,
// and every reader of all accounts sees the same sum.
TEST(TransactionThreads, TransfersKeepTheSum) {
  constexpr int kThreads = 4;
  constexpr int kTransfers = 5'000;
  const auto engine = engine::open_memory_engine();
  const Tables<engine::Engine> at(*engine);
  auto& database = const_cast<Database&>(at.database);
  auto add = [&](size_t table, int64_t amount) {
    return TransactionAction{
        at.tables[table], at.key(table, "account"),
        [amount](const std::optional<Bytes>& before) -> Result<std::optional<Bytes>> {
          const int64_t balance =
              before ? std::stoll(*decode_item(*before)->at("value").get_if<std::string>()) : 0;
          return std::optional(
              Tables<engine::Engine>::item("account", std::to_string(balance + amount)));
        }};
  };
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (uint64_t seed = 1; seed <= kThreads; ++seed) {
    threads.emplace_back([&, seed] {
      Random random(seed);
      for (int i = 0; i < kTransfers; ++i) {
        const auto amount = static_cast<int64_t>(random.below(100));
        std::vector<TransactionAction> actions = {add(0, -amount), add(1, amount), add(2, -amount),
                                                  add(3, amount)};
        for (size_t left = kTables; left > 1; --left) {
          std::swap(actions[left - 1], actions[random.below(left)]);
        }
        write_transaction(database, std::move(actions), std::nullopt, [&](const auto& written) {
          EXPECT_TRUE(written.ok());
          ++done;
        });
      }
    });
  }
  std::vector<engine::Place> accounts;
  for (size_t table = 0; table < kTables; ++table) {
    accounts.push_back({table + 1, at.key(table, "account").storage_key});
  }
  while (done < kThreads * kTransfers) {
    int64_t sum = 0;
    const auto values = engine->get_all(accounts).value();
    for (const auto& value : values) {
      if (value) sum += std::stoll(*decode_item(*value)->at("value").get_if<std::string>());
    }
    ASSERT_EQ(sum, 0);
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace millrace::ops
