#include "engine/rocksdb/power_loss_file_system_testing.h"

#include <algorithm>
#include <cstring>

#include <rocksdb/env.h>

#include "base/check.h"

namespace millrace::engine {
namespace {

using Io = rocksdb::IOStatus;

// What a disk writes whole or not at all.
constexpr size_t kSectorBytes = 512;

// RocksDB joins names with more slashes than one.
std::string normal(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
  }
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

std::string parent_of(const std::string& name) {
  const size_t slash = name.rfind('/');
  return slash == 0 ? "/" : name.substr(0, slash);
}

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  // Without an offset it writes at the end, wherever that is.
  WritableFile(PowerLossFileSystem& system, std::shared_ptr<PowerLossFileSystem::File> file,
               std::optional<uint64_t> offset)
      : system_(system), file_(std::move(file)), offset_(offset) {}
  using FSWritableFile::Append;
  Io Append(const rocksdb::Slice& data, const rocksdb::IOOptions&,
            rocksdb::IODebugContext*) override {
    const uint64_t end = system_.write(*file_, offset_, data);
    if (offset_) offset_ = end;
    return Io::OK();
  }
  Io Truncate(uint64_t bytes, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    system_.truncate(*file_, bytes);
    return Io::OK();
  }
  Io Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override { return Io::OK(); }
  Io Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override { return Io::OK(); }
  Io Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    system_.sync(*file_);
    return Io::OK();
  }
  uint64_t GetFileSize(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return system_.size(*file_);
  }

 private:
  PowerLossFileSystem& system_;
  std::shared_ptr<PowerLossFileSystem::File> file_;
  std::optional<uint64_t> offset_;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(PowerLossFileSystem& system, std::shared_ptr<PowerLossFileSystem::File> file)
      : system_(system), file_(std::move(file)) {}
  Io Read(uint64_t offset, size_t bytes, const rocksdb::IOOptions&, rocksdb::Slice* result,
          char* scratch, rocksdb::IODebugContext*) const override {
    *result = rocksdb::Slice(scratch, system_.read(*file_, offset, bytes, scratch));
    return Io::OK();
  }

 private:
  PowerLossFileSystem& system_;
  std::shared_ptr<PowerLossFileSystem::File> file_;
};

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(PowerLossFileSystem& system, std::shared_ptr<PowerLossFileSystem::File> file)
      : system_(system), file_(std::move(file)) {}
  Io Read(size_t bytes, const rocksdb::IOOptions&, rocksdb::Slice* result, char* scratch,
          rocksdb::IODebugContext*) override {
    const size_t got = system_.read(*file_, offset_, bytes, scratch);
    offset_ += got;
    *result = rocksdb::Slice(scratch, got);
    return Io::OK();
  }
  Io Skip(uint64_t bytes) override {
    offset_ += bytes;
    return Io::OK();
  }

 private:
  PowerLossFileSystem& system_;
  std::shared_ptr<PowerLossFileSystem::File> file_;
  uint64_t offset_ = 0;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(PowerLossFileSystem& system, std::string name)
      : system_(system), name_(std::move(name)) {}
  Io Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    system_.sync_directory(name_);
    return Io::OK();
  }

 private:
  PowerLossFileSystem& system_;
  const std::string name_;
};

class SilentLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
  size_t GetLogFileSize() const override { return 0; }
};

class Lock final : public rocksdb::FileLock {};

}  // namespace

PowerLossFileSystem::PowerLossFileSystem(const Image& image)
    : FileSystemWrapper(rocksdb::FileSystem::Default()) {
  names_["/"] = std::make_shared<File>(File{.is_directory = true, .content = {}, .synced = {}});
  for (const auto& [name, content] : image) {
    names_[name] = std::make_shared<File>(File{
        .is_directory = !content, .content = content.value_or(""), .synced = content.value_or("")});
  }
  synced_names_ = names_;
}

void PowerLossFileSystem::lose_power_after(uint64_t operations, UnsyncedBytes unsynced_bytes,
                                           Random& random, std::function<void()> on_loss) {
  std::lock_guard lock(mutex_);
  operations_left_ = operations;
  unsynced_bytes_ = unsynced_bytes;
  random_ = &random;
  on_loss_ = std::move(on_loss);
}

void PowerLossFileSystem::lose_power() {
  std::lock_guard lock(mutex_);
  if (!image_) take_image();
}

bool PowerLossFileSystem::has_lost_power() {
  std::lock_guard lock(mutex_);
  return image_.has_value();
}

PowerLossFileSystem::Image PowerLossFileSystem::image() {
  std::lock_guard lock(mutex_);
  MILLRACE_CHECK(image_.has_value());
  return *image_;
}

void PowerLossFileSystem::before_operation() {
  if (image_ || !operations_left_) return;
  if (*operations_left_ == 0) return take_image();
  --*operations_left_;
}

void PowerLossFileSystem::take_image() {
  on_loss_();
  Names surviving = synced_names_;
  const uint64_t kept = random_->below(unsynced_changes_.size() + 1);
  for (uint64_t i = 0; i < kept; ++i) apply(unsynced_changes_[i], surviving);
  image_.emplace();
  // In order, so that a directory comes before what is in it.
  for (const auto& [name, file] : surviving) {
    if (name == "/") continue;
    const std::string parent = parent_of(name);
    if (parent != "/" && !image_->contains(parent)) continue;
    image_->emplace(name,
                    file->is_directory ? std::nullopt : std::optional(surviving_content(*file)));
  }
}

Bytes PowerLossFileSystem::surviving_content(const File& file) {
  if (unsynced_bytes_ == UnsyncedBytes::kGone || random_->below(2) == 0) return file.synced;
  Bytes survives = file.content;
  if (survives.size() > file.synced.size()) {
    survives.resize(file.synced.size() + random_->below(survives.size() - file.synced.size() + 1));
  }
  for (size_t at = 0; at < std::min(survives.size(), file.synced.size()); at += kSectorBytes) {
    const size_t bytes = std::min(kSectorBytes, std::min(survives.size(), file.synced.size()) - at);
    const bool is_new = survives.compare(at, bytes, file.synced, at, bytes) != 0;
    if (is_new && random_->below(2) == 0) survives.replace(at, bytes, file.synced, at, bytes);
  }
  return survives;
}

PowerLossFileSystem::FilePointer PowerLossFileSystem::find(const std::string& name) {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

uint64_t PowerLossFileSystem::write(File& file, std::optional<uint64_t> offset,
                                    const rocksdb::Slice& data) {
  std::lock_guard lock(mutex_);
  before_operation();
  const uint64_t from = offset.value_or(file.content.size());
  MILLRACE_CHECK(from <= file.content.size());
  file.content.replace(from, data.size(), data.data(), data.size());
  return from + data.size();
}

void PowerLossFileSystem::truncate(File& file, uint64_t bytes) {
  std::lock_guard lock(mutex_);
  before_operation();
  file.content.resize(bytes);
}

void PowerLossFileSystem::sync(File& file) {
  std::lock_guard lock(mutex_);
  before_operation();
  file.synced = file.content;
}

void PowerLossFileSystem::sync_directory(const std::string& name) {
  std::lock_guard lock(mutex_);
  before_operation();
  std::erase_if(unsynced_changes_, [&](const NameChange& change) {
    const bool here = parent_of(change.added.empty() ? change.removed : change.added) == name;
    if (here) apply(change, synced_names_);
    return here;
  });
}

void PowerLossFileSystem::change(NameChange change) {
  apply(change, names_);
  unsynced_changes_.push_back(std::move(change));
}

void PowerLossFileSystem::apply(const NameChange& change, Names& names) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.file;
}

size_t PowerLossFileSystem::read(const File& file, uint64_t offset, size_t bytes, char* out) {
  std::lock_guard lock(mutex_);
  if (offset >= file.content.size()) return 0;
  const size_t got = std::min<size_t>(bytes, file.content.size() - offset);
  std::memcpy(out, file.content.data() + offset, got);
  return got;
}

size_t PowerLossFileSystem::size(const File& file) {
  std::lock_guard lock(mutex_);
  return file.content.size();
}

Io PowerLossFileSystem::NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                          Debug*) {
  std::lock_guard lock(mutex_);
  const FilePointer file = find(normal(name));
  if (file == nullptr) return Io::PathNotFound(name);
  *result = std::make_unique<SequentialFile>(*this, file);
  return Io::OK();
}

Io PowerLossFileSystem::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                                            std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                            Debug*) {
  std::lock_guard lock(mutex_);
  const FilePointer file = find(normal(name));
  if (file == nullptr) return Io::PathNotFound(name);
  *result = std::make_unique<RandomAccessFile>(*this, file);
  return Io::OK();
}

Io PowerLossFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSWritableFile>* result, Debug*) {
  std::lock_guard lock(mutex_);
  before_operation();
  if (find(parent_of(normal(name))) == nullptr) return Io::PathNotFound(name);
  const auto file = std::make_shared<File>();
  change({.removed = {}, .added = normal(name), .file = file});
  *result = std::make_unique<WritableFile>(*this, file, 0);
  return Io::OK();
}

Io PowerLossFileSystem::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                                           Debug*) {
  std::lock_guard lock(mutex_);
  const FilePointer file = find(normal(name));
  if (file == nullptr) return Io::PathNotFound(name);
  *result = std::make_unique<WritableFile>(*this, file, std::nullopt);
  return Io::OK();
}

Io PowerLossFileSystem::ReuseWritableFile(const std::string&, const std::string&,
                                          const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSWritableFile>*, Debug*) {
  return Io::NotSupported("ReuseWritableFile");
}

Io PowerLossFileSystem::NewRandomRWFile(const std::string&, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomRWFile>*, Debug*) {
  return Io::NotSupported("NewRandomRWFile");
}

Io PowerLossFileSystem::NewDirectory(const std::string& name, const Options&,
                                     std::unique_ptr<rocksdb::FSDirectory>* result, Debug*) {
  std::lock_guard lock(mutex_);
  if (find(normal(name)) == nullptr) return Io::PathNotFound(name);
  *result = std::make_unique<Directory>(*this, normal(name));
  return Io::OK();
}

Io PowerLossFileSystem::FileExists(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  return find(normal(name)) == nullptr ? Io::NotFound(name) : Io::OK();
}

Io PowerLossFileSystem::GetChildren(const std::string& directory, const Options&,
                                    std::vector<std::string>* result, Debug*) {
  std::lock_guard lock(mutex_);
  result->clear();
  if (find(normal(directory)) == nullptr) return Io::NotFound(directory);
  for (const auto& [name, file] : names_) {
    if (name != "/" && parent_of(name) == normal(directory)) {
      result->push_back(name.substr(name.rfind('/') + 1));
    }
  }
  return Io::OK();
}

Io PowerLossFileSystem::GetChildrenFileAttributes(const std::string& directory,
                                                  const Options& options,
                                                  std::vector<rocksdb::FileAttributes>* result,
                                                  Debug* debug) {
  return FileSystem::GetChildrenFileAttributes(directory, options, result, debug);
}

Io PowerLossFileSystem::DeleteFile(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  before_operation();
  if (find(normal(name)) == nullptr) return Io::PathNotFound(name);
  change({.removed = normal(name), .added = {}, .file = nullptr});
  return Io::OK();
}

Io PowerLossFileSystem::Truncate(const std::string&, size_t, const Options&, Debug*) {
  return Io::NotSupported("Truncate");
}

Io PowerLossFileSystem::CreateDir(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  before_operation();
  if (find(parent_of(normal(name))) == nullptr) return Io::PathNotFound(name);
  if (find(normal(name)) != nullptr) return Io::IOError(name, "exists");
  change({.removed = {},
          .added = normal(name),
          .file = std::make_shared<File>(File{.is_directory = true, .content = {}, .synced = {}})});
  return Io::OK();
}

Io PowerLossFileSystem::CreateDirIfMissing(const std::string& name, const Options& options,
                                           Debug* debug) {
  return FileExists(name, options, debug).ok() ? Io::OK() : CreateDir(name, options, debug);
}

Io PowerLossFileSystem::DeleteDir(const std::string&, const Options&, Debug*) {
  return Io::NotSupported("DeleteDir");
}

Io PowerLossFileSystem::GetFileSize(const std::string& name, const Options&, uint64_t* bytes,
                                    Debug*) {
  std::lock_guard lock(mutex_);
  const FilePointer file = find(normal(name));
  if (file == nullptr) return Io::PathNotFound(name);
  *bytes = file->content.size();
  return Io::OK();
}

Io PowerLossFileSystem::GetFileModificationTime(const std::string&, const Options&, uint64_t* time,
                                                Debug*) {
  *time = 0;
  return Io::OK();
}

Io PowerLossFileSystem::RenameFile(const std::string& from, const std::string& to, const Options&,
                                   Debug*) {
  std::lock_guard lock(mutex_);
  before_operation();
  const FilePointer file = find(normal(from));
  if (file == nullptr) return Io::PathNotFound(from);
  change({.removed = normal(from), .added = normal(to), .file = file});
  return Io::OK();
}

Io PowerLossFileSystem::LinkFile(const std::string&, const std::string&, const Options&, Debug*) {
  return Io::NotSupported("LinkFile");
}

Io PowerLossFileSystem::LockFile(const std::string&, const Options&, rocksdb::FileLock** lock,
                                 Debug*) {
  *lock = new Lock;
  return Io::OK();
}

Io PowerLossFileSystem::UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) {
  delete lock;
  return Io::OK();
}

Io PowerLossFileSystem::NewLogger(const std::string&, const Options&,
                                  std::shared_ptr<rocksdb::Logger>* result, Debug*) {
  *result = std::make_shared<SilentLogger>();
  return Io::OK();
}

Io PowerLossFileSystem::GetAbsolutePath(const std::string& name, const Options&,
                                        std::string* result, Debug*) {
  *result = name;
  return Io::OK();
}

Io PowerLossFileSystem::GetFreeSpace(const std::string&, const Options&, uint64_t*, Debug*) {
  return Io::NotSupported("GetFreeSpace");
}

Io PowerLossFileSystem::IsDirectory(const std::string& name, const Options&, bool* result, Debug*) {
  std::lock_guard lock(mutex_);
  const FilePointer file = find(normal(name));
  if (file == nullptr) return Io::PathNotFound(name);
  *result = file->is_directory;
  return Io::OK();
}

}  // namespace millrace::engine
