#include "engine/rocksdb/log_extension.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "engine/temporary_directory_testing.h"

namespace millrace::engine {
namespace {

constexpr size_t kAheadBytes = 64U << 10;

class LogExtension : public testing::Test {
 protected:
  std::unique_ptr<rocksdb::FSWritableFile> make(const std::string& name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(system_->NewWritableFile(path(name), {}, &file, nullptr).ok());
    return file;
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  [[nodiscard]] size_t size(const std::string& name) const {
    return std::filesystem::file_size(path(name));
  }

  // Waits until the thread has made the file that long.
  [[nodiscard]] bool becomes(const std::string& name, size_t bytes) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (size(name) < bytes && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return size(name) >= bytes;
  }

  // Until the thread has done all that it was asked for before.
  void await_turn() {
    const auto log = make("turn.log");
    EXPECT_TRUE(log->Append(std::string(kAheadBytes, 'a'), {}, nullptr).ok());
    EXPECT_TRUE(becomes("turn.log", kAheadBytes + kAheadBytes / 2));
  }

  std::string read(const std::string& name) {
    std::string content;
    EXPECT_TRUE(
        rocksdb::ReadFileToString(rocksdb::FileSystem::Default().get(), path(name), &content).ok());
    return content;
  }

  TemporaryDirectory directory_;
  std::shared_ptr<rocksdb::FileSystem> system_ =
      extend_logs(rocksdb::FileSystem::Default(), kAheadBytes);
};

TEST_F(LogExtension, HasZerosBehindWhatIsWritten) {
  const auto log = make("000001.log");
  std::string written;
  for (int i = 0; i < 40; ++i) {
    const std::string piece(7'000, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(log->Append(piece, {}, nullptr).ok());
    ASSERT_TRUE(log->Sync({}, nullptr).ok());
    written += piece;
    if (i % 8 == 0) {
      ASSERT_TRUE(becomes("000001.log", written.size() + kAheadBytes / 2));
    }
  }
  const std::string content = read("000001.log");
  EXPECT_EQ(content.substr(0, written.size()), written);
  EXPECT_EQ(content.find_first_not_of('\0', written.size()), std::string::npos);
  EXPECT_LT(content.size(), written.size() + 2 * kAheadBytes);

  ASSERT_TRUE(log->Close({}, nullptr).ok());
  EXPECT_EQ(read("000001.log"), written);
}

TEST_F(LogExtension, LeavesALogThatIsHardlyUsed) {
  const auto log = make("000001.log");
  ASSERT_TRUE(log->Append("little", {}, nullptr).ok());
  await_turn();
  EXPECT_EQ(size("000001.log"), 6U);
}

TEST_F(LogExtension, LeavesOtherFiles) {
  const auto table = make("000001.sst");
  ASSERT_TRUE(table->Append(std::string(kAheadBytes, 'a'), {}, nullptr).ok());
  await_turn();
  EXPECT_EQ(size("000001.sst"), kAheadBytes);
}

TEST_F(LogExtension, OneThatIsClosedInTheMiddleEndsWithItsLastWrite) {
  std::vector<std::string> names;
  for (int i = 0; i < 50; ++i) {
    names.push_back("closed" + std::to_string(i) + ".log");
    const auto log = make(names.back());
    ASSERT_TRUE(log->Append(std::string(kAheadBytes, 'a'), {}, nullptr).ok());
    ASSERT_TRUE(log->Close({}, nullptr).ok());
  }
  await_turn();
  for (const std::string& name : names) ASSERT_EQ(size(name), kAheadBytes) << name;
}

}  // namespace
}  // namespace millrace::engine
