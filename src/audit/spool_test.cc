#include "audit/spool.h"

#include <algorithm>
#include <future>

#include <gtest/gtest.h>

#include "audit/spool_keys.h"
#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"

namespace millrace::audit {
namespace {

class SpoolTest : public testing::Test {
 protected:
  SpoolTest() { open(); }
  ~SpoolTest() override { close(); }

  void open() {
    auto opened = Spool::open(*engine_, clock_, random_, coverage_, settings_);
    ASSERT_TRUE(opened.ok());
    spool_ = std::move(*opened);
  }
  void close() {
    if (spool_) spool_->stop();
    spool_.reset();
  }
  void reopen() {
    close();
    open();
  }

  static Event event(const std::string& name, std::vector<SinkId> sinks = {1}) {
    Event event;
    event.event_name = name;
    event.sinks = std::move(sinks);
    return event;
  }
  // Of `bytes` or a little more, compressed or not.
  Event large_event(const std::string& name, size_t bytes) {
    Event large = event(name);
    large.request_parameters_json =
        random_.text(bytes, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-");
    return large;
  }
  std::vector<std::string> names_from(EventNumber from) {
    EXPECT_TRUE(spool_->flush().ok());
    std::vector<std::string> names;
    EXPECT_TRUE(spool_
                    ->visit(from,
                            [&](EventNumber, const Event& seen) {
                              names.push_back(seen.event_name);
                              return true;
                            })
                    .ok());
    return names;
  }
  EventNumber cursor_of(const std::string& consumer) {
    auto cursor = spool_->cursor(consumer);
    EXPECT_TRUE(cursor.ok());
    return cursor.ok() ? *cursor : 0;
  }
  size_t stored_blocks() {
    size_t count = 0;
    EXPECT_TRUE(engine_
                    ->scan(catalog::kAuditPartition, block_keys(0, UINT64_MAX),
                           engine::Direction::kForward, [&](auto, auto) { return ++count > 0; })
                    .ok());
    return count;
  }
  static void expect_soon(std::promise<void>& promise) {
    ASSERT_EQ(promise.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  }
  void commit(engine::PartitionCommit commit) {
    std::vector<engine::PartitionCommit> commits;
    commits.push_back(std::move(commit));
    std::promise<Status> committed;
    engine_->commit(std::move(commits),
                    [&](Status status) { committed.set_value(std::move(status)); });
    ASSERT_TRUE(committed.get_future().get().ok());
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  ManualClock clock_{0};
  Random random_{7};
  Coverage coverage_;
  AuditSettings settings_;
  std::shared_ptr<Spool> spool_;
};

using Names = std::vector<std::string>;

TEST_F(SpoolTest, EventsAreVisitedInOrderFromAnyNumber) {
  const EventNumber first = cursor_of("reader");
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(spool_->append(event(name)));
  EXPECT_EQ(names_from(first), (Names{"a", "b", "c"}));
  EXPECT_EQ(names_from(first + 1), (Names{"b", "c"}));
  EXPECT_EQ(names_from(spool_->settled()), Names{});
}

TEST_F(SpoolTest, GoesOnAfterARestartWhereItWas) {
  const EventNumber first = cursor_of("reader");
  EXPECT_TRUE(spool_->append(event("a")));
  EXPECT_TRUE(spool_->append(event("b")));
  ASSERT_TRUE(spool_->flush().ok());
  ASSERT_TRUE(spool_->advance("reader", first + 1).ok());
  reopen();
  EXPECT_TRUE(spool_->append(event("c")));
  EXPECT_EQ(cursor_of("reader"), first + 1);
  EXPECT_EQ(names_from(first + 1), (Names{"b", "c"}));
}

TEST_F(SpoolTest, ANumberIsNeverUsedAgainAfterAllWasErased) {
  settings_.spool_bytes_max = 1;  // so that all that can be erased is
  reopen();
  EXPECT_EQ(cursor_of("reader"), spool_->settled());
  EXPECT_TRUE(spool_->append(event("a")));
  ASSERT_TRUE(spool_->flush().ok());
  const EventNumber end = spool_->settled();
  ASSERT_TRUE(spool_->advance("reader", end).ok());
  EXPECT_EQ(stored_blocks(), 0u);
  reopen();
  EXPECT_EQ(spool_->settled(), end);
}

TEST_F(SpoolTest, ANewConsumerSeesOnlyWhatComes) {
  EXPECT_TRUE(spool_->append(event("before")));
  ASSERT_TRUE(spool_->flush().ok());
  const EventNumber cursor = cursor_of("reader");
  EXPECT_TRUE(spool_->append(event("after")));
  EXPECT_EQ(names_from(cursor), Names{"after"});
}

TEST_F(SpoolTest, AReservedNumberHoldsBackAllBehindIt) {
  const EventNumber first = cursor_of("reader");
  const EventNumber reserved = spool_->reserve();
  EXPECT_TRUE(spool_->append(event("later")));
  EXPECT_EQ(names_from(first), Names{});
  commit(Spool::commit_of(reserved, event("committed")));
  spool_->settle(reserved, 100);
  EXPECT_EQ(names_from(first), (Names{"committed", "later"}));
}

TEST_F(SpoolTest, AReservedNumberMayStayEmpty) {
  const EventNumber first = cursor_of("reader");
  const EventNumber reserved = spool_->reserve();
  EXPECT_TRUE(spool_->append(event("later")));
  spool_->settle(reserved, 0);
  EXPECT_EQ(names_from(first), Names{"later"});
}

TEST_F(SpoolTest, AnEventIsReplacedUnderItsNumber) {
  const EventNumber first = cursor_of("reader");
  const EventNumber reserved = spool_->reserve();
  commit(Spool::commit_of(reserved, event("success")));
  bool done = false;
  spool_->replace(reserved, event("failure"), [&](const Status& status) { done = status.ok(); });
  EXPECT_TRUE(done);
  EXPECT_EQ(names_from(first), Names{"failure"});
}

TEST_F(SpoolTest, AppendTellsWhenTheEventIsDurable) {
  std::promise<void> durable;
  spool_->append(event("a"), [&](const Status& status) {
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(stored_blocks(), 1u);
    durable.set_value();
  });
  expect_soon(durable);
}

TEST_F(SpoolTest, KeepsWhatAnyConsumerHasNotSeen) {
  settings_.spool_bytes_max = 1;
  reopen();
  const EventNumber first = cursor_of("slow");
  (void)cursor_of("fast");
  EXPECT_TRUE(spool_->append(event("a")));
  ASSERT_TRUE(spool_->flush().ok());
  ASSERT_TRUE(spool_->advance("fast", spool_->settled()).ok());
  EXPECT_EQ(names_from(first), Names{"a"});
  ASSERT_TRUE(spool_->remove("slow").ok());
  ASSERT_TRUE(spool_->advance("fast", spool_->settled()).ok());
  EXPECT_EQ(stored_blocks(), 0u);
}

TEST_F(SpoolTest, AFullSpoolThatDropsTellsOfTheGap) {
  settings_.when_full = WhenFull::kDrop;
  settings_.spool_bytes_max = 10'000;
  reopen();
  const EventNumber first = cursor_of("reader");
  EXPECT_TRUE(spool_->append(large_event("large", 20'000)));
  ASSERT_TRUE(spool_->flush().ok());
  EXPECT_TRUE(spool_->drops());
  EXPECT_FALSE(spool_->append(event("lost", {1, 2})));
  EXPECT_FALSE(spool_->append(event("lost", {3})));
  EXPECT_EQ(spool_->statistics().dropped_events, 2u);
  EXPECT_FALSE(spool_->blocks());
  ASSERT_TRUE(spool_->advance("reader", first + 1).ok());
  EXPECT_TRUE(spool_->append(event("next")));
  // The gap is told of by the spool's own thread.
  Names names;
  while (names.size() < 2) names = names_from(first + 1);
  std::ranges::sort(names);
  EXPECT_EQ(names, (Names{"EventsDropped", "next"}));
  ASSERT_TRUE(spool_
                  ->visit(first + 1,
                          [](EventNumber, const Event& seen) {
                            if (seen.event_name != "EventsDropped") return true;
                            EXPECT_EQ(seen.sinks, (std::vector<SinkId>{1, 2, 3}));
                            EXPECT_NE(seen.service_event_details_json.find(R"("droppedEvents":2)"),
                                      std::string::npos);
                            return true;
                          })
                  .ok());
}

TEST_F(SpoolTest, AFullSpoolThatBlocksLetsRequestsGoOnWhenThereIsRoom) {
  settings_.spool_bytes_max = 10'000;
  reopen();
  const EventNumber first = cursor_of("reader");
  EXPECT_FALSE(spool_->blocks());
  // Of requests that are under way already.
  EXPECT_TRUE(spool_->append(large_event("large", 20'000)));
  EXPECT_TRUE(spool_->append(event("next")));
  ASSERT_TRUE(spool_->flush().ok());
  EXPECT_TRUE(spool_->blocks());
  std::promise<void> went_on;
  std::atomic<bool> may_go = false;
  spool_->when_free([&] {
    EXPECT_TRUE(may_go);
    went_on.set_value();
  });
  may_go = true;
  ASSERT_TRUE(spool_->advance("reader", first + 2).ok());
  expect_soon(went_on);
  EXPECT_FALSE(spool_->blocks());
}

TEST_F(SpoolTest, WhatIsWrittenIsSmaller) {
  settings_.spool_bytes_max = 10'000;
  reopen();
  (void)cursor_of("reader");
  Event compressible = event("large");
  compressible.request_parameters_json = std::string(20'000, 'x');
  EXPECT_TRUE(spool_->append(compressible));
  EXPECT_TRUE(spool_->append(event("next")));
  std::promise<void> went_on;
  spool_->when_free([&] { went_on.set_value(); });
  expect_soon(went_on);
  EXPECT_FALSE(spool_->blocks());
}

TEST_F(SpoolTest, NobodyWaitsWhenItStops) {
  settings_.spool_bytes_max = 1;
  reopen();
  (void)cursor_of("reader");
  EXPECT_TRUE(spool_->append(event("a")));
  EXPECT_TRUE(spool_->append(event("b")));
  ASSERT_TRUE(spool_->flush().ok());
  std::promise<void> went_on;
  spool_->when_free([&] { went_on.set_value(); });
  spool_->stop_waiting();
  expect_soon(went_on);
  EXPECT_FALSE(spool_->blocks());
}

TEST_F(SpoolTest, DamageIsLeftOutAndToldOfOnce) {
  coverage_.set(9, Selectors{});
  const EventNumber first = cursor_of("reader");
  EXPECT_TRUE(spool_->append(event("a")));
  ASSERT_TRUE(spool_->flush().ok());
  EXPECT_TRUE(spool_->append(event("b")));
  ASSERT_TRUE(spool_->flush().ok());
  commit({catalog::kAuditPartition, {engine::Put{block_key(first), "damaged"}}, {}});
  EXPECT_EQ(names_from(first), Names{"b"});
  EXPECT_EQ(names_from(first), (Names{"b", "EventsDamaged"}));
  EXPECT_EQ(names_from(first), (Names{"b", "EventsDamaged"}));
  EXPECT_EQ(spool_->statistics().damaged_blocks, 1u);
}

// Consumers that begin and move at random see every event once, in order, over restarts.
TEST_F(SpoolTest, EveryConsumerSeesEveryEventOnce) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    engine_ = nullptr;
    close();
    engine_ = engine::open_memory_engine();
    settings_.spool_bytes_max = random.below(2) == 0 ? 1 : int64_t{1} << 30;
    open();
    std::map<std::string, Names> seen;
    std::map<std::string, size_t> skipped;
    Names appended;
    for (int step = 0; step < 200; ++step) {
      const uint64_t action = random.below(10);
      const std::string consumer = random.below(2) == 0 ? "one" : "two";
      if (action < 5) {
        const std::string name = std::to_string(appended.size());
        appended.push_back(name);
        if (random.below(3) == 0) {
          const EventNumber number = spool_->reserve();
          commit(Spool::commit_of(number, event(name)));
          spool_->settle(number, 50);
        } else {
          EXPECT_TRUE(spool_->append(event(name)));
        }
        // In the order of the numbers.
        ASSERT_TRUE(spool_->flush().ok());
      } else if (action < 9) {
        if (!skipped.contains(consumer)) skipped[consumer] = appended.size();
        EventNumber cursor = cursor_of(consumer);
        const uint64_t limit = random.below(5);
        uint64_t count = 0;
        ASSERT_TRUE(spool_
                        ->visit(cursor,
                                [&](EventNumber number, const Event& found) {
                                  if (count++ >= limit) return false;
                                  seen[consumer].push_back(found.event_name);
                                  cursor = number + 1;
                                  return true;
                                })
                        .ok());
        ASSERT_TRUE(spool_->advance(consumer, cursor).ok());
      } else {
        reopen();
      }
    }
    for (const auto& [consumer, skip] : skipped) {
      EventNumber cursor = cursor_of(consumer);
      for (const std::string& name : names_from(cursor)) seen[consumer].push_back(name);
      EXPECT_EQ(seen[consumer], Names(appended.begin() + static_cast<long>(skip), appended.end()));
    }
  }
}

}  // namespace
}  // namespace millrace::audit
