#include "functions/function_store.h"

#include <filesystem>
#include <future>

#include <gmock/gmock.h>

#include "engine/temporary_directory_testing.h"
#include "functions/function_encoding.h"
#include "functions/function_testing.h"
#include "functions/runner_updates.h"

namespace millrace::functions {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A file "a" that holds "hello", stored.
constexpr unsigned char kZip[] = {
    0x50, 0x4b, 0x03, 0x04, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x86,
    0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
    0x61, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x50, 0x4b, 0x01, 0x02, 0x0a, 0x03, 0x0a, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
    0x05, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0xa4, 0x81, 0x00, 0x00, 0x00, 0x00, 0x61, 0x50, 0x4b, 0x05, 0x06, 0x00, 0x00, 0x00,
    0x00, 0x01, 0x00, 0x01, 0x00, 0x2f, 0x00, 0x00, 0x00, 0x24, 0x00, 0x00, 0x00, 0x00, 0x00};

Bytes zip() {
  return {reinterpret_cast<const char*>(kZip), sizeof(kZip)};
}

class FunctionStoreTest : public ::testing::Test {
 protected:
  void open(int64_t bytes_max = 1'000'000) {
    store_.reset();
    codes_.reset();
    codes_ = CodeStore::open({directory_.path(), bytes_max, {}}, random_).value();
    store_ = FunctionStore::open(*engine_, *codes_).value();
  }
  Result<CodePointer> add_code(const std::string& name) {
    std::promise<Result<CodePointer>> added;
    codes_->add(name, zip(), [&](Result<CodePointer> code) { added.set_value(std::move(code)); });
    return added.get_future().get();
  }
  std::vector<std::string> directories() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  void drop(const std::string& name) {
    store_->change(
        name, [](const FunctionPointer&) { return Result<FunctionPointer>(FunctionPointer()); },
        [](const Result<FunctionPointer>& dropped) { EXPECT_TRUE(dropped.ok()); });
  }
  // All that the thread of the code was asked before is done.
  void settle() {
    std::promise<void> settled;
    codes_->read_zip("none", [&](const Result<Bytes>&) { settled.set_value(); });
    settled.get_future().wait();
  }

  Random random_{1};
  const engine::TemporaryDirectory directory_;
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<CodeStore> codes_;
  std::unique_ptr<FunctionStore> store_;
};

TEST_F(FunctionStoreTest, KeepsEverything) {
  open();
  const auto code = add_code("f");
  ASSERT_TRUE(code.ok()) << code.error().message;
  make_function(*store_, "f", [&](Function& function) {
    auto latest = std::make_shared<FunctionVersion>(*function.latest);
    latest->runtime = "provided.al2023";
    latest->handler = "h";
    latest->environment = {{"A", "\"1\""}};
    latest->timeout_seconds = 7;
    set_code(*latest, *code);
    auto published = std::make_shared<FunctionVersion>(*latest);
    published->version = "12";
    function.latest = latest;
    function.published[12] = published;
    function.next_version = 13;
    function.aliases["live"] = {"live", "12", "text", "r", {{"3", 0.25}}};
    function.tags = {{"k", "v"}};
    function.reserved_concurrency = 0;
    function.event_invoke_configs["$LATEST"] = {0, std::nullopt, 5};
    function.policies["live"] = {{{"s", "{}"}}, "p"};
  });
  const FunctionPointer before = store_->find("f");
  open();
  const FunctionPointer after = store_->find("f");
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(write_function(*after), write_function(*before));
  ASSERT_TRUE(after->published.contains(12));
  EXPECT_EQ(write_version(*after->published.at(12)), write_version(*before->published.at(12)));
  EXPECT_EQ(after->published.at(12)->code, after->latest->code);
  EXPECT_EQ(after->latest->code_directory, (*code)->directory);
  EXPECT_EQ(after->aliases.at("live").weights.at("3"), 0.25);
}

TEST_F(FunctionStoreTest, ListsByName) {
  open();
  for (const char* name : {"b", "a", "c"}) make_function(*store_, name);
  std::vector<std::string> names;
  for (const auto& function : store_->list("a", 1)) names.push_back(function->name);
  EXPECT_THAT(names, ElementsAre("b"));
  EXPECT_EQ(store_->list("", 10).size(), 3u);
  EXPECT_TRUE(store_->list("c", 10).empty());
}

TEST_F(FunctionStoreTest, RemovesCodeThatNothingRefersTo) {
  open();
  auto code = add_code("f");
  ASSERT_TRUE(code.ok()) << code.error().message;
  const std::string name = (*code)->name;
  make_function(*store_, "f", [&](Function& function) {
    auto latest = std::make_shared<FunctionVersion>(*function.latest);
    set_code(*latest, *code);
    function.latest = latest;
  });
  FunctionPointer held = store_->find("f");
  *code = nullptr;
  drop("f");
  settle();
  EXPECT_THAT(directories(), ElementsAre(name)) << "something may still run it";
  held = nullptr;
  settle();
  EXPECT_THAT(directories(), IsEmpty());
}

TEST_F(FunctionStoreTest, RemovesWhatACrashLeft) {
  fs::create_directories(directory_.path() + "/f-abandoned/code");
  fs::create_directories(directory_.path() + "/.incoming-f-x/code");
  open();
  EXPECT_THAT(directories(), IsEmpty());
}

TEST_F(FunctionStoreTest, CodeHasALimit) {
  open(200);
  ASSERT_TRUE(add_code("f").ok()) << "code of nothing is removed again";
  settle();
  const auto kept = add_code("f");
  ASSERT_TRUE(kept.ok());
  const auto refused = add_code("g");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kCodeStorageExceededException);
}

TEST_F(FunctionStoreTest, TheRunnerHearsOfChanges) {
  open();
  ScriptedRunner runner;
  keep_runner_updated(*store_, runner);
  make_function(*store_, "f");
  EXPECT_THAT(runner.told, IsEmpty());
  make_function(*store_, "f", [](Function& function) {
    auto latest = std::make_shared<FunctionVersion>(*function.latest);
    latest->revision_id = "other";
    function.latest = latest;
    function.reserved_concurrency = 3;
  });
  EXPECT_THAT(runner.told, ElementsAre("retire f f-revision", "reserve f 3"));
  runner.told.clear();
  drop("f");
  EXPECT_THAT(runner.told, ElementsAre("retire f all", "reserve f none"));
}

}  // namespace
}  // namespace millrace::functions
