// The contract of engine.h for the log of a partition.
#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "engine/engine_calls_testing.h"
#include "engine/engine_contract_testing.h"

namespace millrace::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class EngineLogContract : public EngineContract {};
INSTANTIATE_TEST_SUITE_P(Engines, EngineLogContract, kEveryEngine, engine_kind_name);

using Range = std::pair<LogPosition, LogPosition>;

TEST_P(EngineLogContract, ALogThatWasNeverWrittenIsEmpty) {
  EXPECT_EQ(log_range(engine(), 1), Range(1, 1));
  EXPECT_THAT(read_log(engine(), 1), IsEmpty());
  ASSERT_TRUE(engine().trim_log(1, 100).ok());
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(1, 1));
}

TEST_P(EngineLogContract, RecordsAreReadInOrderFromAnyPosition) {
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {}, {{3, "c"}, {4, "d"}, {1'000, "z"}}}}).ok());
  append(engine(), 1, 70'000, "later");
  append(engine(), 2, 5, "another partition's");
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(1, 70'001));
  EXPECT_THAT(read_log(engine(), 1),
              ElementsAre(Pair(3, "c"), Pair(4, "d"), Pair(1'000, "z"), Pair(70'000, "later")));
  EXPECT_THAT(read_log(engine(), 1, 4),
              ElementsAre(Pair(4, "d"), Pair(1'000, "z"), Pair(70'000, "later")));
  EXPECT_THAT(read_log(engine(), 1, 5), ElementsAre(Pair(1'000, "z"), Pair(70'000, "later")));
  EXPECT_THAT(read_log(engine(), 1, 70'001), IsEmpty());
}

TEST_P(EngineLogContract, AVisitorStopsItsReading) {
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {}, {{1, ""}, {2, ""}, {3, ""}}}}).ok());
  int seen = 0;
  ASSERT_TRUE(engine().read_log(1, 1, [&](LogPosition, ByteView) { return ++seen < 2; }).ok());
  EXPECT_EQ(seen, 2);
}

TEST_P(EngineLogContract, TrimmingDropsWhatIsBelow) {
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {}, {{1, "a"}, {2, "b"}, {5, "e"}}}}).ok());
  append(engine(), 2, 1, "another partition's");
  ASSERT_TRUE(engine().trim_log(1, 2).ok());
  EXPECT_EQ(log_range(engine(), 1), Range(2, 6));
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(2, "b"), Pair(5, "e")));
  settle();
  ASSERT_TRUE(engine().trim_log(1, 4).ok());
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(4, 6));
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(5, "e")));
  EXPECT_THAT(read_log(engine(), 2), ElementsAre(Pair(1, "another partition's")));
}

TEST_P(EngineLogContract, TellsAboutHowMuchStorageRecordsTake) {
  for (LogPosition position = 1; position <= 200; ++position) {
    append(engine(), 1, position, std::string(10'000, 'x'));
  }
  append(engine(), 2, 1, "another partition's");
  settle();
  const uint64_t all = engine().log_bytes(1, 1, 201).value();
  EXPECT_GT(all, 0U);
  EXPECT_LT(all, 4'000'000U);
  EXPECT_LE(engine().log_bytes(1, 101, 201).value(), all);
  EXPECT_EQ(engine().log_bytes(1, 201, 201).value(), 0U);
  EXPECT_EQ(engine().log_bytes(3, 1, 201).value(), 0U);
}

TEST_P(EngineLogContract, TheTrimPointNeverFalls) {
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {}, {{1, "a"}, {2, "b"}, {3, "c"}}}}).ok());
  ASSERT_TRUE(engine().trim_log(1, 3).ok());
  ASSERT_TRUE(engine().trim_log(1, 2).ok());
  ASSERT_TRUE(engine().trim_log(1, 0).ok());
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(3, 4));
}

TEST_P(EngineLogContract, NextNeverFalls) {
  append(engine(), 1, 41, "a");
  ASSERT_TRUE(engine().trim_log(1, 1'000).ok());
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(42, 42));
  EXPECT_THAT(read_log(engine(), 1), IsEmpty());
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(42, 42));
  append(engine(), 1, 42, "b");
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(42, 43));
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(42, "b")));
}

TEST_P(EngineLogContract, ATrimComesAfterTheCommitsBeforeIt) {
  std::promise<void> done;
  for (LogPosition i = 1; i <= 50; ++i) {
    engine().commit({{1, {}, {{i, ""}}}}, [&, i](const Status&) {
      if (i == 50) done.set_value();
    });
  }
  ASSERT_TRUE(engine().trim_log(1, 41).ok());
  done.get_future().wait();
  append(engine(), 1, 51, "");
  settle();
  EXPECT_EQ(log_range(engine(), 1), Range(41, 52));
  EXPECT_EQ(read_log(engine(), 1).size(), 11U);
}

TEST_P(EngineLogContract, ManyTrimsLeaveTheRest) {
  for (LogPosition i = 1; i <= 100; ++i) {
    append(engine(), 1, i, std::to_string(i));
    if (i <= 3) continue;
    ASSERT_TRUE(engine().trim_log(1, i - 2).ok());
  }
  settle();
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(98, "98"), Pair(99, "99"), Pair(100, "100")));
}

TEST_P(EngineLogContract, AWaitForWhatIsThereIsOverAtOnce) {
  append(engine(), 1, 5, "");
  settle();
  int ready = 0;
  engine().wait_log(1, 1, [&] { ++ready; });
  engine().wait_log(1, 5, [&] { ++ready; });
  EXPECT_EQ(ready, 2);
}

TEST_P(EngineLogContract, AWaitIsOverWithTheFirstRecordAtItsPositionOrAbove) {
  std::atomic<int> at_two = 0;
  std::atomic<int> at_four = 0;
  std::promise<void> at_six;
  engine().wait_log(1, 2, [&] { ++at_two; });
  engine().wait_log(1, 4, [&] { ++at_four; });
  engine().wait_log(1, 6, [&] { at_six.set_value(); });
  append(engine(), 1, 1, "");
  append(engine(), 2, 9, "");
  put(engine(), 1, "key", "");
  EXPECT_EQ(at_two + at_four, 0);
  append(engine(), 1, 9, "");
  at_six.get_future().wait();
  EXPECT_EQ(at_two, 1);
  EXPECT_EQ(at_four, 1);
  append(engine(), 1, 10, "");
  put(engine(), 1, "key", "");
  EXPECT_EQ(at_two, 1);
}

// `next` is above the position, but the log has nothing.
TEST_P(EngineLogContract, AWaitOnATrimmedLogIsForTheNextRecord) {
  append(engine(), 1, 5, "");
  ASSERT_TRUE(engine().trim_log(1, 6).ok());
  settle();
  std::promise<void> ready;
  auto is_ready = ready.get_future();
  engine().wait_log(1, 3, [&] { ready.set_value(); });
  EXPECT_NE(is_ready.wait_for(std::chrono::milliseconds(0)), std::future_status::ready);
  append(engine(), 1, 6, "");
  is_ready.wait();
}

// One reader a partition that never polls must see each record once, and in order.
TEST_P(EngineLogContract, AReaderThatWaitsMissesNothing) {
  constexpr LogPosition kRecords = 300;
  constexpr PartitionId kPartitions = 3;
  std::vector<std::thread> threads;
  for (PartitionId partition = 1; partition <= kPartitions; ++partition) {
    threads.emplace_back([&, partition] {
      for (LogPosition i = 1; i <= kRecords; ++i) append(engine(), partition, i, "");
    });
    threads.emplace_back([&, partition] {
      LogPosition next = 1;
      while (next <= kRecords) {
        std::promise<void> ready;
        engine().wait_log(partition, next, [&] { ready.set_value(); });
        ready.get_future().wait();
        for (const auto& [position, value] : read_log(engine(), partition, next)) {
          ASSERT_EQ(position, next++);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace millrace::engine
