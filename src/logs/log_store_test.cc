#include "logs/log_store.h"

#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"

namespace millrace::logs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kNow = 1'700'000'000'000;

class LogStoreTest : public testing::Test {
 protected:
  LogStoreTest() { open(); }

  void open() {
    store_.reset();
    store_ = LogStore::open(*engine_, clock_, settings_).value();
  }
  LogStore& store() { return *store_; }

  Status append(const std::string& group, const std::string& stream, std::vector<LogEvent> events) {
    std::promise<Status> done;
    store_->append(group, stream, std::move(events),
                   [&](Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }
  Status change(LogStore::Change change) {
    std::promise<Status> done;
    store_->change(std::move(change), [&](Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }
  Status drop_stream(const std::string& group, const std::string& stream) {
    return change(
        [&](Batch& batch) { return batch.drop_stream(*batch.find_group(group), stream); });
  }
  void set_retention(const std::string& name, int64_t days) {
    const Status status = change([&](Batch& batch) -> Status {
      Group group = *batch.find_group(name);
      group.retention_days = days;
      batch.change_group(std::move(group));
      return Done{};
    });
    ASSERT_TRUE(status.ok());
  }

  GroupPointer group(const std::string& name) { return store_->groups().find(name); }
  std::vector<std::string> group_events(const std::string& name) {
    std::vector<std::string> messages;
    EXPECT_TRUE(store_
                    ->visit_group_events(*group(name), {},
                                         [&](const StoredEvent& event) {
                                           messages.emplace_back(event.message);
                                           return true;
                                         })
                    .ok());
    return messages;
  }
  std::vector<std::string> stream_events(
      const std::string& name, const std::string& stream,
      engine::Direction direction = engine::Direction::kForward) {
    std::vector<std::string> messages;
    const auto found = store_->find_stream(*group(name), stream).value();
    EXPECT_TRUE(found.has_value());
    EXPECT_TRUE(store_
                    ->visit_stream_events(*group(name), found->number, {}, direction,
                                          [&](const StoredEvent& event) {
                                            messages.emplace_back(event.message);
                                            return true;
                                          })
                    .ok());
    return messages;
  }
  size_t stored_keys() {
    size_t count = 0;
    EXPECT_TRUE(engine_
                    ->scan(catalog::kLogsPartition, {}, engine::Direction::kForward,
                           [&](ByteView, ByteView) { return ++count > 0; })
                    .ok());
    return count;
  }

  ManualClock clock_{kNow * 1000};
  LogSettings settings_{.sweep_milliseconds = 0};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<LogStore> store_;
};

TEST_F(LogStoreTest, AppendMakesGroupAndStream) {
  ASSERT_TRUE(append("g", "s", {{kNow, "one"}, {kNow + 1, "two"}}).ok());
  EXPECT_EQ(group("g")->created_milliseconds, kNow);
  EXPECT_EQ(group("g")->stored_bytes, 6 + 2 * kEventOverheadBytes);
  const Stream stream = store().find_stream(*group("g"), "s").value().value();
  EXPECT_EQ(stream.first_event_milliseconds, kNow);
  EXPECT_EQ(stream.last_event_milliseconds, kNow + 1);
  EXPECT_THAT(stream_events("g", "s"), ElementsAre("one", "two"));
  EXPECT_THAT(stream_events("g", "s", engine::Direction::kBackward), ElementsAre("two", "one"));
}

TEST_F(LogStoreTest, EventsStandInOrderOfTimeAndThenArrival) {
  ASSERT_TRUE(append("g", "a", {{kNow, "2"}, {kNow, "3"}}).ok());
  ASSERT_TRUE(append("g", "b", {{kNow, "4"}, {kNow - 1, "1"}}).ok());
  ASSERT_TRUE(append("g", "a", {{kNow, "5"}, {-5, "0"}}).ok());
  EXPECT_THAT(group_events("g"), ElementsAre("0", "1", "2", "3", "4", "5"));
  EXPECT_THAT(stream_events("g", "a"), ElementsAre("0", "2", "3", "5"));
}

TEST_F(LogStoreTest, AppendedTextIsMadeFit) {
  ASSERT_TRUE(
      append("g", "s", {{kNow, ""}, {kNow, "\xFF"}, {kNow, std::string(300'000, 'x')}}).ok());
  const auto messages = stream_events("g", "s");
  ASSERT_EQ(messages.size(), 2);
  EXPECT_EQ(messages[0], "\xEF\xBF\xBD");
  EXPECT_EQ(messages[1].size(), 256 * 1024);
  ASSERT_TRUE(append("g", "none", {}).ok());
  EXPECT_THAT(stream_events("g", "none"), IsEmpty());
}

TEST_F(LogStoreTest, LongStreamsAreReadInParts) {
  std::vector<LogEvent> events;
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back(std::to_string(i));
    events.push_back({kNow, expected.back()});
  }
  ASSERT_TRUE(append("g", "s", events).ok());
  EXPECT_EQ(stream_events("g", "s"), expected);
  std::ranges::reverse(expected);
  EXPECT_EQ(stream_events("g", "s", engine::Direction::kBackward), expected);
}

TEST_F(LogStoreTest, EverythingIsThereAfterOpeningAgain) {
  ASSERT_TRUE(append("g", "s", {{kNow, "one"}}).ok());
  set_retention("g", 7);
  const Group before = *group("g");
  open();
  const Group after = *group("g");
  EXPECT_EQ(after.number, before.number);
  EXPECT_EQ(after.stored_bytes, before.stored_bytes);
  EXPECT_EQ(after.retention_days, 7);
  ASSERT_TRUE(append("g", "t", {{kNow, "two"}}).ok());
  ASSERT_TRUE(append("h", "s", {{kNow, "other"}}).ok());
  EXPECT_THAT(group_events("g"), ElementsAre("one", "two"));
  EXPECT_NE(group("h")->number, before.number);
}

TEST_F(LogStoreTest, ADroppedGroupLeavesNothing) {
  const size_t none = stored_keys();
  ASSERT_TRUE(append("g", "s", {{kNow, "one"}}).ok());
  // Of one commit with what came before it, and what comes after.
  const Status status = change([&](Batch& batch) -> Status {
    TRY(batch.add_events("g", "s", kNow, {{uint64_t{kNow}, "two"}}));
    batch.drop_group(*batch.find_group("g"));
    EXPECT_EQ(batch.find_group("g"), nullptr);
    return Done{};
  });
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(group("g"), nullptr);
  EXPECT_EQ(stored_keys(), none + 1);  // the next group's number
  ASSERT_TRUE(append("g", "s", {{kNow, "new"}}).ok());
  EXPECT_THAT(group_events("g"), ElementsAre("new"));
}

TEST_F(LogStoreTest, TheSweepErasesEventsOfDroppedStreams) {
  ASSERT_TRUE(append("g", "kept", {{kNow, "kept"}}).ok());
  const size_t keys = stored_keys();
  std::vector<LogEvent> events;
  for (int i = 0; i < 10'000; ++i) events.push_back({kNow + i, "x"});
  ASSERT_TRUE(append("g", "s", events).ok());
  ASSERT_TRUE(drop_stream("g", "s").ok());
  EXPECT_EQ(store().find_stream(*group("g"), "s").value(), std::nullopt);
  ASSERT_TRUE(append("g", "s", {{kNow, "again"}}).ok());
  ASSERT_TRUE(store().sweep().ok());
  EXPECT_THAT(group_events("g"), ElementsAre("kept", "again"));
  EXPECT_EQ(group("g")->stored_bytes, 9 + 2 * kEventOverheadBytes);
  ASSERT_TRUE(drop_stream("g", "s").ok());
  ASSERT_TRUE(store().sweep().ok());
  EXPECT_EQ(stored_keys(), keys);
}

TEST_F(LogStoreTest, TheSweepErasesWhatIsNoLongerRetained) {
  ASSERT_TRUE(append("g", "s", {{kNow - 2 * kDayMilliseconds, "old"}, {kNow, "new"}}).ok());
  ASSERT_TRUE(store().sweep().ok());
  EXPECT_THAT(group_events("g"), ElementsAre("old", "new"));
  set_retention("g", 1);
  ASSERT_TRUE(store().sweep().ok());
  EXPECT_THAT(group_events("g"), ElementsAre("new"));
  EXPECT_THAT(stream_events("g", "s"), ElementsAre("new"));
  EXPECT_EQ(group("g")->stored_bytes, 3 + kEventOverheadBytes);
  clock_.advance_microseconds(2 * kDayMilliseconds * 1000);
  ASSERT_TRUE(store().sweep().ok());
  EXPECT_THAT(group_events("g"), IsEmpty());
  EXPECT_EQ(group("g")->stored_bytes, 0);
}

TEST_F(LogStoreTest, TheSweepLooksAtEveryGroup) {
  for (int i = 0; i < 450; ++i) {
    ASSERT_TRUE(append(fmt::format("g{}", i), "s", {{kNow - 2 * kDayMilliseconds, "old"}}).ok());
  }
  for (const std::string name : {"g0", "g99"}) set_retention(name, 1);  // the first and the last
  ASSERT_TRUE(store().sweep().ok());
  for (const std::string name : {"g0", "g99"}) EXPECT_EQ(group(name)->stored_bytes, 0) << name;
  EXPECT_EQ(group("g98")->stored_bytes, 3 + kEventOverheadBytes);
}

TEST_F(LogStoreTest, TheSweepComesByItself) {
  ASSERT_TRUE(append("g", "s", {{kNow - 2 * kDayMilliseconds, "old"}}).ok());
  set_retention("g", 1);
  settings_.sweep_milliseconds = 1;
  open();
  while (group("g")->stored_bytes > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_THAT(group_events("g"), IsEmpty());
}

TEST_F(LogStoreTest, TheOldestEventsOfALargeGroupGo) {
  settings_.group_bytes_max = 100'000;
  open();
  ASSERT_TRUE(append("other", "s", {{0, "kept"}}).ok());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(append("g", i % 2 == 0 ? "a" : "b", {{kNow + i, std::string(9'974, 'x')}}).ok());
  }
  const Status settled = change([](Batch&) -> Status { return Done{}; });
  ASSERT_TRUE(settled.ok());
  EXPECT_LE(group("g")->stored_bytes, 100'000);
  const size_t count = group_events("g").size();
  EXPECT_THAT(count, testing::AllOf(testing::Ge(8), testing::Le(10)));
  EXPECT_EQ(stream_events("g", "a").size() + stream_events("g", "b").size(), count);
  EXPECT_EQ(group("g")->stored_bytes, count * 10'000);
  EXPECT_THAT(group_events("other"), ElementsAre("kept"));
}

TEST_F(LogStoreTest, StreamsInTheOrderOfTheirLastEvents) {
  ASSERT_TRUE(append("g", "a", {{kNow + 5, "x"}}).ok());
  ASSERT_TRUE(append("g", "b", {{kNow, "x"}}).ok());
  ASSERT_TRUE(append("g", "c", {}).ok());
  const auto names = [&](std::optional<LogStore::LastEventPlace> from,
                         engine::Direction direction) {
    std::string joined;
    EXPECT_TRUE(store()
                    .visit_streams_by_last_event(*group("g"), from, direction,
                                                 [&](const Stream& stream) {
                                                   joined += stream.name;
                                                   return true;
                                                 })
                    .ok());
    return joined;
  };
  EXPECT_EQ(names({}, engine::Direction::kForward), "cba");
  ASSERT_TRUE(append("g", "b", {{kNow + 9, "x"}}).ok());
  EXPECT_EQ(names({}, engine::Direction::kForward), "cab");
  EXPECT_EQ(names({}, engine::Direction::kBackward), "bac");
  EXPECT_EQ(names({{kNow + 5, "a"}}, engine::Direction::kForward), "b");
  EXPECT_EQ(names({{kNow + 5, "a"}}, engine::Direction::kBackward), "c");
}

TEST_F(LogStoreTest, ManyWritersAreAllHeard) {
  std::atomic<int> done = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 200; ++i) {
        store().append("g", fmt::format("s{}", writer), {{kNow, std::to_string(i)}},
                       [&](const Status& status) { done += status.ok() ? 1 : 0; });
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  open();  // the destructor completes what was submitted
  EXPECT_EQ(done, 800);
  EXPECT_EQ(group_events("g").size(), 800);
  EXPECT_EQ(stream_events("g", "s3").size(), 200);
}

}  // namespace
}  // namespace millrace::logs
