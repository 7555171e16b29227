// A file system in memory that can lose power: what was not synced is then gone, or there in part.
// Contents count as synced by a sync of the file, names by a sync of their directory. Of the names
// that changed since, the changes survive up to some point in their order, as the journals of ext4
// and XFS keep it and RocksDB relies on.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>

#include "base/bytes.h"
#include "base/random.h"

namespace millrace::engine {

// What becomes of the bytes at the end of a file that were not synced.
enum class UnsyncedBytes {
  kGone,
  // In each file as many as chance has it, or none; of those that overwrite others, any.
  kThereInPart,
};

class PowerLossFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  // What a disk holds: directories have no content. The root is always there.
  using Image = std::map<std::string, std::optional<Bytes>>;

  explicit PowerLossFileSystem(const Image& image = {});

  // Before the operation number `operations` from now, calls `on_loss` and takes the image of what
  // the disk holds. Later operations go on as if nothing had happened. `random` decides what of the
  // unsynced is there, and outlives this.
  void lose_power_after(uint64_t operations, UnsyncedBytes unsynced_bytes, Random& random,
                        std::function<void()> on_loss);
  // At once, if it has not happened yet.
  void lose_power();
  [[nodiscard]] bool has_lost_power();
  // Asserts has_lost_power().
  [[nodiscard]] Image image();

  struct File {
    bool is_directory = false;
    Bytes content;
    Bytes synced;
  };

  // For the open files: each is one operation.
  // At the end of the file without an offset. Returns where it ends.
  uint64_t write(File& file, std::optional<uint64_t> offset, const rocksdb::Slice& data);
  void truncate(File& file, uint64_t bytes);
  void sync(File& file);
  void sync_directory(const std::string& name);
  size_t read(const File& file, uint64_t offset, size_t bytes, char* out);
  size_t size(const File& file);

  using Io = rocksdb::IOStatus;
  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  [[nodiscard]] const char* Name() const override { return "PowerLossFileSystem"; }
  Io NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                       std::unique_ptr<rocksdb::FSSequentialFile>* result, Debug*) override;
  Io NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                         std::unique_ptr<rocksdb::FSRandomAccessFile>* result, Debug*) override;
  Io NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                     std::unique_ptr<rocksdb::FSWritableFile>* result, Debug*) override;
  Io ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                        std::unique_ptr<rocksdb::FSWritableFile>* result, Debug*) override;
  Io ReuseWritableFile(const std::string&, const std::string&, const rocksdb::FileOptions&,
                       std::unique_ptr<rocksdb::FSWritableFile>*, Debug*) override;
  Io NewRandomRWFile(const std::string&, const rocksdb::FileOptions&,
                     std::unique_ptr<rocksdb::FSRandomRWFile>*, Debug*) override;
  Io NewDirectory(const std::string& name, const Options&,
                  std::unique_ptr<rocksdb::FSDirectory>* result, Debug*) override;
  Io FileExists(const std::string& name, const Options&, Debug*) override;
  Io GetChildren(const std::string& directory, const Options&, std::vector<std::string>* result,
                 Debug*) override;
  Io GetChildrenFileAttributes(const std::string& directory, const Options&,
                               std::vector<rocksdb::FileAttributes>* result, Debug*) override;
  Io DeleteFile(const std::string& name, const Options&, Debug*) override;
  Io Truncate(const std::string&, size_t, const Options&, Debug*) override;
  Io CreateDir(const std::string& name, const Options&, Debug*) override;
  Io CreateDirIfMissing(const std::string& name, const Options&, Debug*) override;
  Io DeleteDir(const std::string& name, const Options&, Debug*) override;
  Io GetFileSize(const std::string& name, const Options&, uint64_t* bytes, Debug*) override;
  Io GetFileModificationTime(const std::string&, const Options&, uint64_t* time, Debug*) override;
  Io RenameFile(const std::string& from, const std::string& to, const Options&, Debug*) override;
  Io LinkFile(const std::string&, const std::string&, const Options&, Debug*) override;
  Io LockFile(const std::string&, const Options&, rocksdb::FileLock** lock, Debug*) override;
  Io UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) override;
  Io NewLogger(const std::string&, const Options&, std::shared_ptr<rocksdb::Logger>*,
               Debug*) override;
  Io GetAbsolutePath(const std::string& name, const Options&, std::string* result, Debug*) override;
  Io GetFreeSpace(const std::string&, const Options&, uint64_t*, Debug*) override;
  Io IsDirectory(const std::string& name, const Options&, bool* result, Debug*) override;

 private:
  using FilePointer = std::shared_ptr<File>;
  using Names = std::map<std::string, FilePointer>;

  struct NameChange {
    std::string removed;  // or empty
    std::string added;    // or empty
    FilePointer file;     // of `added`
  };

  // With mutex_ held:
  void before_operation();
  void take_image();
  void change(NameChange change);
  static void apply(const NameChange& change, Names& names);
  FilePointer find(const std::string& name);
  Bytes surviving_content(const File& file);

  std::mutex mutex_;  // guards all below
  Names names_;
  Names synced_names_;
  std::vector<NameChange> unsynced_changes_;
  std::optional<uint64_t> operations_left_;
  UnsyncedBytes unsynced_bytes_ = UnsyncedBytes::kGone;
  Random* random_ = nullptr;
  std::function<void()> on_loss_;
  std::optional<Image> image_;
};

}  // namespace millrace::engine
