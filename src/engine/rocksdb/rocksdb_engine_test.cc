// What the RocksDB engine does beyond the contract: its directory, and a disk that fails.
#include "engine/rocksdb/rocksdb_engine.h"

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <rocksdb/file_system.h>
#include <sys/wait.h>

#include "base/random.h"
#include "engine/engine_calls_testing.h"
#include "engine/temporary_directory_testing.h"

namespace millrace::engine {
namespace {

using testing::HasSubstr;

Result<std::unique_ptr<Engine>> open(const std::string& directory,
                                     std::shared_ptr<rocksdb::FileSystem> file_system = nullptr) {
  RocksdbOptions options;
  options.directory = directory;
  options.file_system = std::move(file_system);
  return open_rocksdb_engine(std::move(options));
}

TEST(RocksdbEngine, MakesItsDirectoryAndTheParents) {
  const TemporaryDirectory temporary;
  const std::string directory = temporary.path() + "/a/b/data/";
  {
    auto engine = open(directory);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    put(**engine, 1, "key", "value");
  }
  auto engine = open(directory);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_EQ(get(**engine, 1, "key"), "value");
}

TEST(RocksdbEngine, ADirectoryOpenInThisProcessIsInUse) {
  const TemporaryDirectory temporary;
  const auto engine = open(temporary.path());
  ASSERT_TRUE(engine.ok());
  const auto second = open(temporary.path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kInvalidConfiguration);
  EXPECT_EQ(second.error().message,
            "data directory '" + temporary.path() + "' is in use by another process");
}

// The other process holds the lock as RocksDB does, and nothing more.
TEST(RocksdbEngine, ADirectoryOpenInAnotherProcessIsInUse) {
  const TemporaryDirectory temporary;
  const std::string lock_name = temporary.path() + "/LOCK";
  int to_parent[2];
  int to_child[2];
  ASSERT_EQ(pipe(to_parent), 0);
  ASSERT_EQ(pipe(to_child), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const int file = ::open(lock_name.c_str(), O_RDWR | O_CREAT, 0600);
    char byte = fcntl(file, F_SETLK, &lock) == 0 ? 'y' : 'n';
    close(to_child[1]);
    if (write(to_parent[1], &byte, 1) == 1) static_cast<void>(read(to_child[0], &byte, 1));
    _exit(0);
  }
  char locked = 'n';
  ASSERT_EQ(read(to_parent[0], &locked, 1), 1);
  ASSERT_EQ(locked, 'y');
  const auto engine = open(temporary.path());
  EXPECT_FALSE(engine.ok());
  EXPECT_THAT(engine.ok() ? "" : engine.error().message, HasSubstr("in use by another process"));
  for (const int end : {to_parent[0], to_parent[1], to_child[0], to_child[1]}) close(end);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(open(temporary.path()).ok());
}

TEST(RocksdbEngine, AFileInPlaceOfTheDirectoryIsAnError) {
  const TemporaryDirectory temporary;
  const std::string name = temporary.path() + "/file";
  std::ofstream(name) << "text";
  EXPECT_FALSE(open(name).ok());
  EXPECT_FALSE(open(name + "/below").ok());
}

TEST(RocksdbEngine, ADamagedDatabaseIsAnError) {
  const TemporaryDirectory temporary;
  { ASSERT_TRUE(open(temporary.path()).ok()); }
  std::ofstream(temporary.path() + "/CURRENT") << "MANIFEST-999999\n";
  EXPECT_FALSE(open(temporary.path()).ok());
}

// Fails every sync from a moment on.
class FailingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  [[nodiscard]] const char* Name() const override { return "FailingFileSystem"; }
  void fail() { failing_ = true; }
  void recover() { failing_ = false; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
    if (status.ok()) *result = std::make_unique<File>(std::move(*result), failing_);
    return status;
  }

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile>&& file, const std::atomic<bool>& failing)
        : FSWritableFileOwnerWrapper(std::move(file)), failing_(failing) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      if (failing_) return rocksdb::IOStatus::IOError("no such luck");
      return FSWritableFileOwnerWrapper::Sync(options, debug);
    }

   private:
    const std::atomic<bool>& failing_;
  };

  std::atomic<bool> failing_ = false;
};

TEST(RocksdbEngine, AfterAFailedWriteNoOtherIsAccepted) {
  const TemporaryDirectory temporary;
  const auto disk = std::make_shared<FailingFileSystem>();
  {
    const auto engine = std::move(open(temporary.path(), disk)).value();
    put(*engine, 1, "key", "before");
    disk->fail();
    const Status failed = commit_and_wait(*engine, {{1, {Put{"key", "failed"}}, {}}});
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::kInternalServerError);
    EXPECT_THAT(failed.error().message, HasSubstr("no such luck"));
    disk->recover();
    EXPECT_FALSE(commit_and_wait(*engine, {{1, {Put{"key", "later"}}, {}}}).ok());
    EXPECT_FALSE(engine->drop(1).ok());
  }
  const auto engine = std::move(open(temporary.path())).value();
  EXPECT_NE(get(*engine, 1, "key"), "later");
  put(*engine, 1, "key", "after");
}

// Without anyone asking for a compaction.
TEST(RocksdbEngine, TheDiskOfADroppedPartitionComesBack) {
  const TemporaryDirectory temporary;
  const auto table_files_bytes = [&] {
    uint64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(temporary.path())) {
      if (file.path().extension() == ".sst") bytes += file.file_size();
    }
    return bytes;
  };
  RocksdbOptions options;
  options.directory = temporary.path();
  options.durability = Durability::kOs;
  options.write_buffer_bytes = 1U << 20;
  const auto engine = std::move(open_rocksdb_engine(options)).value();
  Random random(1);
  for (LogPosition i = 1; i <= 24; ++i) append(*engine, 1, i, random.bytes(1U << 20));
  EXPECT_GT(table_files_bytes(), 10U << 20);
  ASSERT_TRUE(engine->drop(1).ok());
  // Files of the upper level are left to compactions, which the drop makes due.
  for (LogPosition i = 1; i <= 12; ++i) append(*engine, 2, i, random.bytes(1U << 20));
  for (int wait = 0; wait < 500 && table_files_bytes() > 20U << 20; ++wait) usleep(10'000);
  EXPECT_LT(table_files_bytes(), 20U << 20);
}

}  // namespace
}  // namespace millrace::engine
