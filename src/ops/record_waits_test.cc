#include "ops/record_waits.h"

#include <future>

#include <gtest/gtest.h>

#include "ops/held_engine_testing.h"

namespace millrace::ops {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr engine::PartitionId kPartition = 1;
constexpr auto kLong = seconds(60);

class RecordWaitsTest : public ::testing::Test {
 protected:
  void append(engine::LogPosition position, engine::PartitionId partition = kPartition) {
    engine_.commit({{partition, {}, {{position, "record"}}}}, [](const Status&) {});
    engine_.release();
  }
  std::future<WaitEnd> wait(engine::LogPosition position, steady_clock::duration length = kLong,
                            engine::PartitionId partition = kPartition) {
    return wait_having_seen(waits_.changes(), position, length, partition);
  }
  std::future<WaitEnd> wait_having_seen(uint64_t changes, engine::LogPosition position,
                                        steady_clock::duration length = kLong,
                                        engine::PartitionId partition = kPartition) {
    auto woken = std::make_shared<std::promise<WaitEnd>>();
    waits_.wait(partition, position, changes, steady_clock::now() + length,
                [woken](WaitEnd end) { woken->set_value(end); });
    return woken->get_future();
  }
  void change_stream(engine::PartitionId partition) {
    catalog::Stream stream;
    stream.table_name = "orders";
    stream.shards.emplace_back();
    stream.shards.back().partition = partition;
    catalog::Change change;
    change.streams.push_back(std::make_shared<const catalog::Stream>(stream));
    catalog_->publish(change);
  }
  static bool is_waiting(const std::future<WaitEnd>& reader) {
    return reader.wait_for(milliseconds(20)) == std::future_status::timeout;
  }

  HeldEngine engine_;
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(engine_, {}).value();
  RecordWaits waits_{engine_, *catalog_};
};

TEST_F(RecordWaitsTest, ARecordWakesTheReadersOfItsPartition) {
  auto first = wait(1);
  auto second = wait(1);
  auto other = wait(1, kLong, kPartition + 1);
  EXPECT_TRUE(is_waiting(first));
  append(1);
  EXPECT_EQ(first.get(), WaitEnd::kLook);
  EXPECT_EQ(second.get(), WaitEnd::kLook);
  EXPECT_TRUE(is_waiting(other));
  EXPECT_EQ(waits_.waiting(), 1u);
}

TEST_F(RecordWaitsTest, ARecordThatIsThereWakesAtOnce) {
  append(1);
  EXPECT_EQ(wait(1).get(), WaitEnd::kLook);
  auto next = wait(2);
  EXPECT_TRUE(is_waiting(next));
  append(2);
  EXPECT_EQ(next.get(), WaitEnd::kLook);
}

TEST_F(RecordWaitsTest, AReaderFurtherBackIsWokenByWhatItWaitsFor) {
  auto ahead = wait(5);
  auto behind = wait(2);
  append(3);
  EXPECT_EQ(behind.get(), WaitEnd::kLook);
  // The one ahead may be told to look as well, and then waits again.
  if (!is_waiting(ahead)) ahead = wait(5);
  append(5);
  EXPECT_EQ(ahead.get(), WaitEnd::kLook);
}

TEST_F(RecordWaitsTest, TheDeadlineEndsAWait) {
  auto late = wait(1, milliseconds(200));
  auto early = wait(1, milliseconds(20));
  const auto start = steady_clock::now();
  EXPECT_EQ(early.get(), WaitEnd::kOver);
  EXPECT_EQ(late.get(), WaitEnd::kOver);
  EXPECT_GE(steady_clock::now() - start, milliseconds(150));
  EXPECT_EQ(waits_.waiting(), 0u);
}

TEST_F(RecordWaitsTest, AChangeOfAStreamWakesTheReadersOfItsPartitions) {
  auto reader = wait(1);
  auto other = wait(1, kLong, kPartition + 1);
  change_stream(kPartition);
  EXPECT_EQ(reader.get(), WaitEnd::kLook);
  EXPECT_TRUE(is_waiting(other));
}

TEST_F(RecordWaitsTest, AChangeAfterTheLookIsNotMissed) {
  const uint64_t seen = waits_.changes();
  change_stream(kPartition);
  EXPECT_EQ(wait_having_seen(seen, 1).get(), WaitEnd::kLook);
}

TEST_F(RecordWaitsTest, ReadersThatComeAndGoCostOneWaitOfTheEngine) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(wait(1, milliseconds(0)).get(), WaitEnd::kOver);
  EXPECT_EQ(engine_.waits(), 1u);
  auto reader = wait(1);
  append(1);
  EXPECT_EQ(reader.get(), WaitEnd::kLook);
  EXPECT_EQ(engine_.waits(), 1u);
}

TEST_F(RecordWaitsTest, AReaderMayWaitAgainWhenWoken) {
  std::promise<void> third;
  std::function<void(engine::LogPosition)> wait_from = [&](engine::LogPosition position) {
    waits_.wait(kPartition, position, waits_.changes(), steady_clock::now() + kLong,
                [&, position](WaitEnd) {
                  if (position == 3) return third.set_value();
                  wait_from(position + 1);
                });
  };
  wait_from(1);
  for (engine::LogPosition position = 1; position <= 3; ++position) append(position);
  third.get_future().get();
}

TEST_F(RecordWaitsTest, StoppingWakesEverybodyAndLetsNobodyWait) {
  auto reader = wait(1);
  auto other = wait(7, kLong, kPartition + 1);
  waits_.stop();
  EXPECT_EQ(reader.get(), WaitEnd::kOver);
  EXPECT_EQ(other.get(), WaitEnd::kOver);
  EXPECT_EQ(wait(1).get(), WaitEnd::kOver);
  append(1);
  waits_.stop();
}

TEST_F(RecordWaitsTest, ADroppedPartitionIsForgotten) {
  auto reader = wait(1);
  ASSERT_TRUE(engine_.drop(kPartition).ok());
  waits_.forget(kPartition);
  EXPECT_EQ(reader.get(), WaitEnd::kLook);
  EXPECT_EQ(engine_.waits(), 1u);
  reader = wait(1);
  EXPECT_EQ(engine_.waits(), 2u);
}

TEST_F(RecordWaitsTest, ManyReadersAndWriters) {
  std::atomic<int> woken = 0;
  std::vector<std::thread> threads;
  constexpr int kReaders = 200;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kReaders; ++i) {
        waits_.wait(kPartition, 1 + i % 8, waits_.changes(),
                    steady_clock::now() + milliseconds(i % 5), [&](WaitEnd) { ++woken; });
        if (i % 16 == 0) change_stream(kPartition);
      }
    });
  }
  for (engine::LogPosition position = 1; position <= 8; ++position) append(position);
  for (std::thread& thread : threads) thread.join();
  waits_.stop();
  EXPECT_EQ(woken, 4 * kReaders);
}

}  // namespace
}  // namespace millrace::ops
