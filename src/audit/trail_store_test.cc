#include <future>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "audit/trail.h"
#include "audit/trail_encoding.h"
#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "ops/held_engine_testing.h"

namespace millrace::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Trail example_trail(const std::string& name, SinkId sink) {
  Trail trail;
  trail.sink = sink;
  trail.name = name;
  trail.arn = "arn:aws:cloudtrail:us-east-1:000000000000:trail/" + name;
  trail.bucket = "audit";
  trail.key_prefix = "a/b";
  trail.log_file_validation = true;
  trail.log_group_arn = "arn:aws:logs:us-east-1:000000000000:log-group:g:*";
  trail.log_role_arn = "arn:aws:iam::000000000000:role/r";
  trail.kms_key_id = "arn:aws:kms:us-east-1:000000000000:alias/k";
  trail.multi_region = true;
  trail.include_global_service_events = true;
  trail.tags = {{"a", "b"}, {"ключ", ""}};
  trail.selectors.basic = {{.read_write_type = ReadWriteType::kReadOnly,
                            .include_management_events = false,
                            .data_resources = {{"AWS::DynamoDB::Table", {"arn:aws:dynamodb"}}},
                            .exclude_management_event_sources = {"kms.amazonaws.com"}}};
  trail.selectors.advanced = {
      {.name = "n", .fields = {{.field = "eventCategory", .equals = {"Data"}}}}};
  trail.logging = true;
  trail.created_milliseconds = 1'700'000'000'123;
  trail.start_logging_milliseconds = 1'700'000'000'124;
  trail.stop_logging_milliseconds = 1'700'000'000'125;
  return trail;
}

// What is put when nothing is in the way.
Result<TrailPointer> put(TrailStore& store, const Trail& trail) {
  std::promise<Result<TrailPointer>> done;
  store.change(
      trail.name,
      [&](const TrailPointer&) -> Result<TrailPointer> {
        return std::make_shared<const Trail>(trail);
      },
      [&](Result<TrailPointer> result) { done.set_value(std::move(result)); });
  return done.get_future().get();
}
void drop(TrailStore& store, const std::string& name) {
  std::promise<Result<TrailPointer>> done;
  store.change(
      name, [](const TrailPointer&) -> Result<TrailPointer> { return TrailPointer(); },
      [&](Result<TrailPointer> result) { done.set_value(std::move(result)); });
  EXPECT_TRUE(done.get_future().get().ok());
}

class Trails : public testing::Test {
 protected:
  std::unique_ptr<TrailStore> open() {
    auto store = TrailStore::open(*engine_, coverage_);
    EXPECT_TRUE(store.ok());
    return std::move(store).value();
  }
  void write(const Bytes& key, const Bytes& value) {
    std::promise<Status> done;
    engine_->commit({{catalog::kAuditPartition, {engine::Put{key, value}}, {}}},
                    [&](Status status) { done.set_value(std::move(status)); });
    ASSERT_TRUE(done.get_future().get().ok());
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  Coverage coverage_;
};

TEST(TrailEncoding, EveryMemberReadsBack) {
  for (const SinkId sink : {SinkId{1}, UINT64_MAX}) {
    const Trail trail = example_trail("abc", sink);
    const auto read = read_trail(write_trail(trail));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, trail);
  }
}

TEST(TrailEncoding, DamageIsAnError) {
  const std::string text = write_trail(example_trail("abc", 7));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return read_trail(changed).ok();
  };
  EXPECT_TRUE(with("audit", "other"));
  EXPECT_FALSE(with(R"("version":1)", R"("version":2)"));
  EXPECT_FALSE(with(R"("bucket":"audit",)", ""));
  EXPECT_FALSE(with(R"("sink":"7")", R"("sink":"0")"));
  EXPECT_FALSE(with(R"("sink":"7")", R"("sink":"x")"));
  EXPECT_FALSE(with(R"("logging":true)", R"("logging":1)"));
  EXPECT_FALSE(with(R"("ReadOnly")", R"("Odd")"));
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_trail(std::string_view(text).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(read_trail("[]").ok());
}

TEST_F(Trails, AreThereAfterARestart) {
  const Trail one = example_trail("one", 1);
  const Trail two = example_trail("two", 2);
  {
    const auto store = open();
    EXPECT_THAT(store->trails(), IsEmpty());
    ASSERT_TRUE(put(*store, two).ok());
    ASSERT_TRUE(put(*store, one).ok());
    ASSERT_TRUE(put(*store, example_trail("three", 3)).ok());
    drop(*store, "three");
  }
  // Other things of the partition are left alone.
  write("s/x", "not a trail");
  write("tz", "not a trail");
  coverage_.set(1, std::nullopt);
  coverage_.set(2, std::nullopt);
  const auto store = open();
  ASSERT_EQ(store->trails().size(), 2U);
  EXPECT_EQ(*store->trails()[0], one);
  EXPECT_EQ(*store->find("two"), two);
  EXPECT_EQ(store->find(SinkId{2})->name, "two");
  EXPECT_EQ(store->find("three"), nullptr);
  EXPECT_EQ(store->find(SinkId{3}), nullptr);
  EXPECT_THAT(coverage_.all_sinks(), ElementsAre(1, 2));
}

TEST_F(Trails, DamageIsFound) {
  write("t/abc", write_trail(example_trail("abd", 1)));
  EXPECT_FALSE(TrailStore::open(*engine_, coverage_).ok());
  write("t/abc", "{}");
  EXPECT_FALSE(TrailStore::open(*engine_, coverage_).ok());
}

TEST_F(Trails, AreCoveredWhileTheyLog) {
  const auto store = open();
  size_t heard = 0;
  store->set_listener([&] { ++heard; });
  Trail trail = example_trail("abc", 1);
  trail.logging = false;
  ASSERT_TRUE(put(*store, trail).ok());
  EXPECT_THAT(coverage_.all_sinks(), IsEmpty());
  trail.logging = true;
  ASSERT_TRUE(put(*store, trail).ok());
  EXPECT_THAT(coverage_.all_sinks(), ElementsAre(1));
  EXPECT_TRUE(coverage_.wants_data_events());
  trail.selectors = default_selectors();
  ASSERT_TRUE(put(*store, trail).ok());
  EXPECT_FALSE(coverage_.wants_data_events());
  // Made anew under its name.
  trail.sink = 2;
  ASSERT_TRUE(put(*store, trail).ok());
  EXPECT_THAT(coverage_.all_sinks(), ElementsAre(2));
  EXPECT_EQ(heard, 4U);
  ASSERT_TRUE(put(*store, trail).ok());  // as it is
  EXPECT_EQ(heard, 4U);
  drop(*store, "abc");
  EXPECT_THAT(coverage_.all_sinks(), IsEmpty());
  EXPECT_EQ(heard, 5U);
}

TEST_F(Trails, ARefusedChangeLeavesEverything) {
  const auto store = open();
  ASSERT_TRUE(put(*store, example_trail("abc", 1)).ok());
  std::promise<Result<TrailPointer>> done;
  store->change(
      "abc",
      [](const TrailPointer&) -> Result<TrailPointer> {
        return Error{ErrorCode::kConflictException, "no"};
      },
      [&](Result<TrailPointer> result) { done.set_value(std::move(result)); });
  const auto result = done.get_future().get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "no");
  EXPECT_EQ(store->find("abc")->sink, 1U);
}

TEST_F(Trails, ChangesComeOneAfterTheOther) {
  const auto store = open();
  ASSERT_TRUE(put(*store, example_trail("abc", 1)).ok());
  constexpr int kThreads = 4;
  constexpr int kChanges = 200;
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < kChanges; ++i) {
        store->change(
            "abc",
            [](const TrailPointer& before) -> Result<TrailPointer> {
              auto now = std::make_shared<Trail>(*before);
              ++now->created_milliseconds;
              return TrailPointer(std::move(now));
            },
            [&](const Result<TrailPointer>& result) { failed += result.ok() ? 0 : 1; });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  put(*store, example_trail("last", 2)).value();  // all others are done before
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(store->find("abc")->created_milliseconds, 1'700'000'000'123 + kThreads * kChanges);
}

TEST(TrailCommits, NothingIsSeenBeforeItIsDurable) {
  ops::HeldEngine engine;
  Coverage coverage;
  const auto store = TrailStore::open(engine, coverage).value();
  const auto trail = std::make_shared<const Trail>(example_trail("abc", 1));
  std::vector<bool> done;
  const auto begin = [&] {
    store->change(
        "abc", [&](const TrailPointer&) -> Result<TrailPointer> { return trail; },
        [&](const Result<TrailPointer>& result) { done.push_back(result.ok()); });
  };
  begin();
  begin();  // waits for the first
  EXPECT_EQ(engine.held(), 1U);
  EXPECT_EQ(store->find("abc"), nullptr);
  EXPECT_THAT(coverage.all_sinks(), IsEmpty());
  engine.fail();
  EXPECT_EQ(store->find("abc"), nullptr);
  EXPECT_THAT(done, ElementsAre(false));
  ASSERT_EQ(engine.held(), 1U);  // the second, which sees that there is none
  engine.release();
  EXPECT_THAT(done, ElementsAre(false, true));
  EXPECT_NE(store->find("abc"), nullptr);
}

}  // namespace
}  // namespace millrace::audit
