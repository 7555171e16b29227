// The contract of engine.h, but for the log: keys, commits, lifetime.
#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "base/random.h"
#include "engine/engine_calls_testing.h"
#include "engine/engine_contract_testing.h"

namespace millrace::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

INSTANTIATE_TEST_SUITE_P(Engines, EngineContract, kEveryEngine, engine_kind_name);

Bytes number_key(uint64_t number) {
  Bytes key;
  append_u64(key, number);
  return key;
}

TEST_P(EngineContract, WhatWasNeverPutIsNotThere) {
  EXPECT_EQ(get(engine(), 1, "key"), std::nullopt);
  EXPECT_THAT(scan(engine(), 1), IsEmpty());
}

TEST_P(EngineContract, TheLastPutIsRead) {
  put(engine(), 1, "key", "one");
  put(engine(), 1, "key", "two");
  put(engine(), 1, "empty", "");
  settle();
  EXPECT_EQ(get(engine(), 1, "key"), "two");
  EXPECT_EQ(get(engine(), 1, "empty"), "");
  EXPECT_EQ(get(engine(), 1, "ke"), std::nullopt);
  EXPECT_EQ(get(engine(), 1, "key2"), std::nullopt);
}

TEST_P(EngineContract, KeysAndValuesAreAnyBytes) {
  const Bytes zero("\0\0", 2);
  const Bytes high("\xFF\xFF", 2);
  put(engine(), 1, "", "empty key");
  put(engine(), 1, zero, high);
  put(engine(), 1, high, zero);
  settle();
  EXPECT_THAT(scan(engine(), 1),
              ElementsAre(Pair("", "empty key"), Pair(zero, high), Pair(high, zero)));
}

TEST_P(EngineContract, PartitionsAreApart) {
  put(engine(), 1, "key", "of 1");
  put(engine(), 2, "key", "of 2");
  put(engine(), 256, "key", "of 256");
  settle();
  EXPECT_EQ(get(engine(), 1, "key"), "of 1");
  EXPECT_THAT(scan(engine(), 2), ElementsAre(Pair("key", "of 2")));
  EXPECT_THAT(scan(engine(), 2, {}, Direction::kBackward), ElementsAre(Pair("key", "of 2")));
  EXPECT_THAT(scan(engine(), 3), IsEmpty());
}

TEST_P(EngineContract, ScansKeepToTheirBounds) {
  for (const char* key : {"a", "b", "ba", "c", "d"}) put(engine(), 1, key, "");
  settle();
  const auto keys = [&](const KeyRange& range, Direction direction) {
    Bytes joined;
    for (const auto& [key, value] : scan(engine(), 1, range, direction)) joined += key + " ";
    return joined;
  };
  EXPECT_EQ(keys({}, Direction::kForward), "a b ba c d ");
  EXPECT_EQ(keys({}, Direction::kBackward), "d c ba b a ");
  EXPECT_EQ(keys({"b", "d"}, Direction::kForward), "b ba c ");
  EXPECT_EQ(keys({"b", "d"}, Direction::kBackward), "c ba b ");
  EXPECT_EQ(keys({"bb", {}}, Direction::kForward), "c d ");
  EXPECT_EQ(keys({"bb", {}}, Direction::kBackward), "d c ");
  EXPECT_EQ(keys({"", "b"}, Direction::kBackward), "a ");
  EXPECT_EQ(keys({"e", {}}, Direction::kBackward), "");
  EXPECT_EQ(keys({"c", "c"}, Direction::kForward), "");
  EXPECT_EQ(keys({"d", "b"}, Direction::kForward), "");
  EXPECT_EQ(keys({"d", "b"}, Direction::kBackward), "");
}

TEST_P(EngineContract, AVisitorStopsItsScan) {
  for (const char* key : {"a", "b", "c"}) put(engine(), 1, key, "");
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    Bytes seen;
    const auto visit = [&](ByteView key, ByteView) {
      seen += key;
      return seen.size() < 2;
    };
    ASSERT_TRUE(engine().scan(1, {}, direction, visit).ok());
    EXPECT_EQ(seen, direction == Direction::kForward ? "ab" : "cb");
  }
}

TEST_P(EngineContract, AScanSeesOneMoment) {
  for (const char* key : {"a", "b", "c"}) put(engine(), 1, key, "old");
  Pairs seen;
  const auto visit = [&](ByteView key, ByteView value) {
    if (seen.empty()) {
      // From another thread: a visitor's own thread may be one that completes commits.
      std::thread writer([&] {
        const std::vector<Mutation> mutations = {Put{"b", "new"}, Erase{"c"}, Put{"d", "new"}};
        EXPECT_TRUE(commit_and_wait(engine(), {{1, mutations, {}}}).ok());
      });
      writer.join();
      EXPECT_EQ(get(engine(), 1, "b"), "new");
    }
    seen.emplace_back(key, value);
    return true;
  };
  ASSERT_TRUE(engine().scan(1, {}, Direction::kForward, visit).ok());
  EXPECT_THAT(seen, ElementsAre(Pair("a", "old"), Pair("b", "old"), Pair("c", "old")));
}

TEST_P(EngineContract, MutationsApplyInOrder) {
  put(engine(), 1, "old", "");
  ASSERT_TRUE(commit_and_wait(engine(), {{1,
                                          {Put{"a", "1"}, Put{"a", "2"}, Erase{"a"}, Put{"b", "1"},
                                           EraseAll{}, Put{"c", "1"}, Put{"c", "2"}, Erase{"none"}},
                                          {}}})
                  .ok());
  settle();
  EXPECT_THAT(scan(engine(), 1), ElementsAre(Pair("c", "2")));
}

TEST_P(EngineContract, EraseAllKeepsTheLogAndOtherPartitions) {
  put(engine(), 1, "key", "");
  append(engine(), 1, 7, "record");
  put(engine(), 2, "key", "");
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {EraseAll{}}, {}}}).ok());
  settle();
  EXPECT_THAT(scan(engine(), 1), IsEmpty());
  EXPECT_THAT(scan(engine(), 2), ElementsAre(Pair("key", "")));
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(7, "record")));
}

TEST_P(EngineContract, EraseRangeErasesFromTheFirstToBelowTheLast) {
  for (const char* key : {"a", "b", "ba", "c", "d"}) put(engine(), 1, key, "");
  put(engine(), 2, "b", "");
  append(engine(), 1, 7, "record");
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {EraseRange{"b", "c"}}, {}}}).ok());
  settle();
  EXPECT_THAT(scan(engine(), 1), ElementsAre(Pair("a", ""), Pair("c", ""), Pair("d", "")));
  EXPECT_THAT(scan(engine(), 2), ElementsAre(Pair("b", "")));
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(7, "record")));
}

TEST_P(EngineContract, AnEmptyOrInvertedRangeErasesNothing) {
  for (const char* key : {"a", "b", "c"}) put(engine(), 1, key, "");
  ASSERT_TRUE(commit_and_wait(engine(), {{1,
                                          {EraseRange{"b", "b"}, EraseRange{"c", "a"},
                                           EraseRange{"", ""}, EraseRange{"d", "e"}},
                                          {}}})
                  .ok());
  settle();
  EXPECT_THAT(scan(engine(), 1), ElementsAre(Pair("a", ""), Pair("b", ""), Pair("c", "")));
}

TEST_P(EngineContract, EraseRangeAppliesInOrder) {
  put(engine(), 1, "a", "old");
  ASSERT_TRUE(
      commit_and_wait(
          engine(),
          {{1, {Put{"b", "1"}, EraseRange{"a", "c"}, Put{"b", "2"}, EraseRange{"c", "d"}}, {}}})
          .ok());
  settle();
  EXPECT_THAT(scan(engine(), 1), ElementsAre(Pair("b", "2")));
}

TEST_P(EngineContract, ACommitTakesEffectInAllItsPartitions) {
  ASSERT_TRUE(commit_and_wait(engine(), {{1, {Put{"key", "one"}}, {{1, "first"}}},
                                         {2, {Put{"key", "two"}}, {}},
                                         {3, {}, {{9, "third"}}}})
                  .ok());
  settle();
  EXPECT_EQ(get(engine(), 1, "key"), "one");
  EXPECT_EQ(get(engine(), 2, "key"), "two");
  EXPECT_THAT(read_log(engine(), 1), ElementsAre(Pair(1, "first")));
  EXPECT_THAT(read_log(engine(), 3), ElementsAre(Pair(9, "third")));
}

TEST_P(EngineContract, AnEmptyCommitIsDone) {
  EXPECT_TRUE(commit_and_wait(engine(), {}).ok());
  EXPECT_TRUE(commit_and_wait(engine(), {{1, {}, {}}}).ok());
}

// Each scan of a partition must see both keys of every pair, or neither, with the same value.
TEST_P(EngineContract, ReadersNeverSeeHalfACommit) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (uint64_t round = 0; !stop; ++round) {
      const Bytes value = number_key(round);
      EXPECT_TRUE(commit_and_wait(engine(), {{1, {Put{"a", value}, Put{"b", value}}, {}}}).ok());
    }
  });
  for (int i = 0; i < 500; ++i) {
    const Pairs seen = scan(engine(), 1);
    if (seen.empty()) continue;
    ASSERT_EQ(seen.size(), 2U);
    ASSERT_EQ(seen[0].second, seen[1].second);
  }
  stop = true;
  writer.join();
}

TEST_P(EngineContract, GetAllAnswersInTheOrderOfThePlaces) {
  put(engine(), 1, "key", "of 1");
  put(engine(), 2, "key", "of 2");
  put(engine(), 2, "empty", "");
  settle();
  const auto values =
      engine().get_all({{2, "key"}, {1, "none"}, {2, "empty"}, {3, "key"}, {1, "key"}, {2, "key"}});
  ASSERT_TRUE(values.ok());
  EXPECT_THAT(*values, ElementsAre("of 2", std::nullopt, "", std::nullopt, "of 1", "of 2"));
  EXPECT_THAT(engine().get_all({}).value(), IsEmpty());
}

TEST_P(EngineContract, GetAllNeverSeesHalfACommit) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (uint64_t round = 0; !stop; ++round) {
      const Bytes value = number_key(round);
      EXPECT_TRUE(commit_and_wait(engine(), {{1, {Put{"a", value}}, {}},
                                             {2, {Put{"b", value}}, {}},
                                             {3, {Put{"c", value}}, {}}})
                      .ok());
    }
  });
  for (int i = 0; i < 5'000; ++i) {
    const auto seen = engine().get_all({{3, "c"}, {1, "a"}, {2, "b"}});
    ASSERT_TRUE(seen.ok());
    ASSERT_EQ(seen->at(0), seen->at(1));
    ASSERT_EQ(seen->at(0), seen->at(2));
  }
  stop = true;
  writer.join();
}

TEST_P(EngineContract, CommitsTakeEffectAndAreDoneInTheOrderOfTheCalls) {
  constexpr uint64_t kCommits = 2'000;
  std::vector<uint64_t> done_in_order;
  std::promise<void> all_done;
  for (uint64_t i = 0; i < kCommits; ++i) {
    const PartitionId partition = 1 + i % 3;
    engine().commit(
        {{partition, {Put{"last", number_key(i)}}, {}}, {9, {Put{"last", number_key(i)}}, {}}},
        [&, i](const Status& status) {
          EXPECT_TRUE(status.ok());
          done_in_order.push_back(i);
          if (i + 1 == kCommits) all_done.set_value();
        });
  }
  all_done.get_future().wait();
  for (uint64_t i = 0; i < kCommits; ++i) ASSERT_EQ(done_in_order[i], i);
  settle();
  EXPECT_EQ(get(engine(), 9, "last"), number_key(kCommits - 1));
}

TEST_P(EngineContract, ACommitIsSeenWhenItIsDone) {
  constexpr int kThreads = 4;
  constexpr uint64_t kCommits = 200;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      const auto partition = static_cast<PartitionId>(1 + thread % 2);
      const Bytes key = "thread " + std::to_string(thread);
      for (uint64_t i = 0; i < kCommits; ++i) {
        put(engine(), partition, key, number_key(i));
        ASSERT_EQ(get(engine(), partition, key), number_key(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  settle();
  EXPECT_EQ(scan(engine(), 1).size(), 2U);
  EXPECT_EQ(get(engine(), 2, "thread 3"), number_key(kCommits - 1));
}

// A lane's way of working. Deep enough to end the stack of an engine that recurses.
TEST_P(EngineContract, DoneMayCommitAgain) {
  constexpr uint64_t kCommits = 20'000;
  std::promise<void> finished;
  uint64_t count = 0;
  std::function<void(Status)> next = [&](const Status& status) {
    EXPECT_TRUE(status.ok());
    if (++count == kCommits) return finished.set_value();
    engine().commit({{1, {Put{"count", number_key(count)}}, {{count, ""}}}}, next);
  };
  // On disk every commit of this chain is an fsync of its own.
  if (GetParam() != EngineKind::kMemory) count = kCommits - 200;
  engine().commit({}, next);
  finished.get_future().wait();
  settle();
  EXPECT_EQ(get(engine(), 1, "count"), number_key(kCommits - 1));
  EXPECT_EQ(log_range(engine(), 1).second, kCommits);
}

TEST_P(EngineContract, ADroppedPartitionIsEmpty) {
  for (PartitionId partition : {1, 2, 3}) {
    put(engine(), partition, "key", "value");
    append(engine(), partition, 5, "record");
  }
  ASSERT_TRUE(engine().trim_log(2, 6).ok());
  ASSERT_TRUE(engine().drop(2).ok());
  ASSERT_TRUE(engine().drop(2).ok());
  ASSERT_TRUE(engine().drop(77).ok());
  settle();
  EXPECT_EQ(get(engine(), 2, "key"), std::nullopt);
  EXPECT_THAT(read_log(engine(), 2), IsEmpty());
  EXPECT_EQ(log_range(engine(), 2), std::pair(LogPosition{1}, LogPosition{1}));
  for (PartitionId partition : {1, 3}) {
    EXPECT_EQ(get(engine(), partition, "key"), "value");
    EXPECT_THAT(read_log(engine(), partition), ElementsAre(Pair(5, "record")));
  }
}

TEST_P(EngineContract, DoneMayDrop) {
  put(engine(), 2, "key", "value");
  std::promise<void> finished;
  int later_done = 0;
  engine().commit({{1, {Put{"key", "value"}}, {}}}, [&](const Status&) {
    engine().commit({{1, {Put{"key", "later"}}, {}}}, [&](const Status&) { ++later_done; });
    EXPECT_TRUE(engine().drop(2).ok());
    EXPECT_EQ(get(engine(), 2, "key"), std::nullopt);
    engine().commit({}, [&](const Status&) { finished.set_value(); });
  });
  finished.get_future().wait();
  EXPECT_EQ(later_done, 1);
  settle();
  EXPECT_EQ(get(engine(), 1, "key"), "later");
}

TEST_P(EngineContract, ClosingCompletesWhatWasAccepted) {
  constexpr uint64_t kCommits = 1'000;
  Engine& closing = engine();
  std::atomic<uint64_t> done = 0;
  std::atomic<bool> waited = false;
  closing.wait_log(1, kCommits, [&] { waited = true; });
  for (uint64_t i = 0; i < kCommits; ++i) {
    closing.commit({{1, {Put{number_key(i), Bytes(100, 'x')}}, {}}}, [&](const Status& status) {
      EXPECT_TRUE(status.ok());
      // Also what a callback adds while the engine closes.
      if (++done == kCommits) {
        closing.commit({{1, {Put{"last", ""}}, {}}}, [&](const Status&) { ++done; });
      }
    });
  }
  close();
  EXPECT_EQ(done, kCommits + 1);
  EXPECT_FALSE(waited);
}

TEST_P(EngineContract, RandomOperationsAgreeWithAMap) {
  constexpr uint64_t kSeed = 20'240'607;
  Random random(kSeed);
  std::map<Bytes, Bytes> expected;
  for (int round = 0; round < 300; ++round) {
    std::vector<Mutation> mutations;
    for (uint64_t i = random.below(8); i > 0; --i) {
      const Bytes key = random.text(1 + random.below(2), "abcdef");
      const uint64_t kind = random.below(100);
      if (kind == 0) {
        mutations.emplace_back(EraseAll{});
        expected.clear();
      } else if (kind < 5) {
        const Bytes to = random.text(1 + random.below(2), "abcdef");
        mutations.emplace_back(EraseRange{key, to});
        if (key < to) expected.erase(expected.lower_bound(key), expected.lower_bound(to));
      } else if (kind < 30) {
        mutations.emplace_back(Erase{key});
        expected.erase(key);
      } else {
        mutations.emplace_back(Put{key, random.bytes(random.below(50))});
        expected[key] = std::get<Put>(mutations.back()).value;
      }
    }
    ASSERT_TRUE(commit_and_wait(engine(), {{1, mutations, {}}}).ok());
    if (round % 100 == 99) settle();
    const Bytes from = random.text(1, "abcdef");
    const Bytes to = from + random.text(1, "abcdef");
    const Pairs part(expected.lower_bound(from), expected.lower_bound(to));
    ASSERT_EQ(scan(engine(), 1, {from, to}), part);
    ASSERT_EQ(scan(engine(), 1, {from, to}, Direction::kBackward),
              Pairs(part.rbegin(), part.rend()));
  }
  EXPECT_EQ(scan(engine(), 1), Pairs(expected.begin(), expected.end()));
}

}  // namespace
}  // namespace millrace::engine
