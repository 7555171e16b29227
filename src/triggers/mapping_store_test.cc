#include "triggers/mapping_store.h"

#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "triggers/mapping_encoding.h"

namespace millrace::triggers {
namespace {

class TemporaryDirectory {
 public:
  TemporaryDirectory() { EXPECT_NE(mkdtemp(path_.data()), nullptr); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/millrace-mappings-XXXXXX";
};

void put(engine::Engine& engine, const Bytes& key, const Bytes& value) {
  std::promise<Status> done;
  engine.commit({{catalog::kTriggersPartition, {engine::Put{key, value}}, {}}},
                [&](Status status) { done.set_value(std::move(status)); });
  ASSERT_TRUE(done.get_future().get().ok());
}

Mapping example_mapping(const std::string& uuid) {
  Mapping mapping;
  mapping.uuid = uuid;
  mapping.event_source_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/" + uuid;
  mapping.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:f:live";
  mapping.state = MappingState::kDisabling;
  mapping.enabled = false;
  mapping.state_transition_reason = "because \"of\" it";
  mapping.last_modified_milliseconds = 1'700'000'000'123;
  mapping.starting_position = StartingPosition::kLatest;
  mapping.batch_size = 2;
  mapping.maximum_batching_window_seconds = 3;
  mapping.parallelization_factor = 4;
  mapping.maximum_record_age_seconds = 65;
  mapping.maximum_retry_attempts = 6;
  mapping.bisect_batch_on_function_error = true;
  mapping.report_batch_item_failures = true;
  mapping.tumbling_window_seconds = 7;
  mapping.filter_patterns = {R"({"eventName":["INSERT"]})", "{}"};
  mapping.on_failure_destination = "arn:aws:s3:::failed";
  mapping.tags = {{"a", "b"}, {"ключ", ""}};
  return mapping;
}

Result<MappingPointer> insert(MappingStore& store, const Mapping& mapping) {
  std::promise<Result<MappingPointer>> done;
  store.insert(std::make_shared<const Mapping>(mapping),
               [&](Result<MappingPointer> result) { done.set_value(std::move(result)); });
  return done.get_future().get();
}

Result<MappingPointer> change(MappingStore& store, const std::string& uuid,
                              const MappingStore::ChangeMapping& make) {
  std::promise<Result<MappingPointer>> done;
  store.change(uuid, make,
               [&](Result<MappingPointer> result) { done.set_value(std::move(result)); });
  return done.get_future().get();
}

std::unique_ptr<MappingStore> open(engine::Engine& engine) {
  auto store = MappingStore::open(engine);
  EXPECT_TRUE(store.ok());
  return std::move(store).value();
}

TEST(MappingEncoding, EveryMemberReadsBack) {
  const Mapping mapping = example_mapping("u");
  const auto read = read_mapping(write_mapping(mapping));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, mapping);
}

TEST(MappingEncoding, DamageIsAnError) {
  const std::string text = write_mapping(example_mapping("u"));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return read_mapping(changed);
  };
  EXPECT_FALSE(with("batch_size", "batch_seize").ok());
  EXPECT_FALSE(with("Disabling", "Dithering").ok());
  EXPECT_FALSE(with("[\"{\\", "[1,\"{\\").ok());
  EXPECT_FALSE(read_mapping("[]").ok());
  EXPECT_FALSE(read_mapping(text.substr(1)).ok());
}

TEST(MappingStore, IsReadBackFromTheEngine) {
  const TemporaryDirectory directory;
  {
    auto engine = engine::open_rocksdb_engine({.directory = directory.path()}).value();
    auto store = open(*engine);
    for (const char* uuid : {"b", "a", "c"}) {
      ASSERT_TRUE(insert(*store, example_mapping(uuid)).ok());
    }
    ASSERT_TRUE(change(*store, "c", [](const MappingPointer&) -> Result<MappingPointer> {
                  return MappingPointer();
                }).ok());
    EXPECT_EQ(store->find("c"), nullptr);
  }
  auto engine = engine::open_rocksdb_engine({.directory = directory.path()}).value();
  auto store = open(*engine);
  const auto listed = store->list("", 10);
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]->uuid, "a");
  EXPECT_EQ(*listed[1], example_mapping("b"));
  EXPECT_EQ(store->list("a", 10).size(), 1u);
  EXPECT_EQ(store->list("", 1).size(), 1u);
  ASSERT_NE(store->find("a"), nullptr);
}

TEST(MappingStore, RefusesDamagedStorage) {
  auto engine = engine::open_memory_engine();
  put(*engine, "c-checkpoint", "not a mapping");
  EXPECT_TRUE(MappingStore::open(*engine).ok());
  put(*engine, "mx", write_mapping(example_mapping("y")));
  EXPECT_FALSE(MappingStore::open(*engine).ok());
}

TEST(MappingStore, OneMappingPerStreamAndFunction) {
  auto engine = engine::open_memory_engine();
  auto store = open(*engine);
  Mapping mapping = example_mapping("one");
  ASSERT_TRUE(insert(*store, mapping).ok());
  Mapping same = mapping;
  same.uuid = "two";
  const auto again = insert(*store, same);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kResourceConflictException);
  EXPECT_EQ(again.error().message,
            "The event source arn (\" " + mapping.event_source_arn +
                " \") and function (\" f:live \") provided mapping already exists. Please update "
                "or delete the existing mapping with UUID one");
  EXPECT_EQ(store->find("two"), nullptr);
  same.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  EXPECT_TRUE(insert(*store, same).ok());
  EXPECT_TRUE(store->check_unique(mapping).ok());
}

TEST(MappingStore, AFailedChangeChangesNothing) {
  auto engine = engine::open_memory_engine();
  auto store = open(*engine);
  ASSERT_TRUE(insert(*store, example_mapping("u")).ok());
  const MappingPointer before = store->find("u");
  const Error refusal{ErrorCode::kResourceInUseException, "no"};
  const auto changed =
      change(*store, "u", [&](const MappingPointer&) -> Result<MappingPointer> { return refusal; });
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error(), refusal);
  EXPECT_EQ(store->find("u"), before);
}

TEST(MappingStore, TheListenerHearsEveryChangeInOrderBeforeItsEnd) {
  auto engine = engine::open_memory_engine();
  auto store = open(*engine);
  std::vector<std::string> heard;
  store->set_listener([&](const std::string& uuid, const MappingPointer& now) {
    heard.push_back(uuid + (now ? "=" + std::to_string(now->batch_size) : " dropped"));
    // A listener may ask for a change itself.
    if (now && now->batch_size == 10) {
      store->change(
          uuid,
          [](const MappingPointer& current) -> Result<MappingPointer> {
            Mapping next = *current;
            next.batch_size = 11;
            return std::make_shared<const Mapping>(next);
          },
          [](const auto&) {});
    }
  });
  ASSERT_TRUE(insert(*store, example_mapping("u")).ok());
  EXPECT_EQ(heard.size(), 1u);
  (void)change(*store, "u", [](const MappingPointer& current) -> Result<MappingPointer> {
    Mapping next = *current;
    next.batch_size = 10;
    return std::make_shared<const Mapping>(next);
  });
  (void)change(*store, "u",
               [](const MappingPointer& current) -> Result<MappingPointer> { return current; });
  (void)change(*store, "u", [](const MappingPointer& current) -> Result<MappingPointer> {
    EXPECT_EQ(current->batch_size, 11);
    return MappingPointer();
  });
  EXPECT_EQ(heard, (std::vector<std::string>{"u=2", "u=10", "u=11", "u dropped"}));
}

TEST(MappingStore, ChangesFromManyThreadsAreMadeOneAfterTheOther) {
  const TemporaryDirectory directory;
  auto engine = engine::open_rocksdb_engine({.directory = directory.path()}).value();
  constexpr int kThreads = 4;
  constexpr int kChanges = 50;
  {
    auto store = open(*engine);
    Mapping mapping = example_mapping("u");
    mapping.batch_size = 0;
    ASSERT_TRUE(insert(*store, mapping).ok());
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kChanges; ++j) {
          store->change(
              "u",
              [](const MappingPointer& current) -> Result<MappingPointer> {
                Mapping next = *current;
                ++next.batch_size;
                return std::make_shared<const Mapping>(next);
              },
              [](const auto& result) { EXPECT_TRUE(result.ok()); });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(open(*engine)->find("u")->batch_size, kThreads * kChanges);
}

}  // namespace
}  // namespace millrace::triggers
