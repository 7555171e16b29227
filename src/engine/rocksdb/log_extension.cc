#include "engine/rocksdb/log_extension.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

#include "base/log.h"

namespace millrace::engine {
namespace {

using Io = rocksdb::IOStatus;
using Debug = rocksdb::IODebugContext;

// The log of one file, between its writer and the thread that extends it.
class Extension {
 public:
  // `appending` writes at the end of the file, wherever that is.
  Extension(std::unique_ptr<rocksdb::FSWritableFile> appending, size_t ahead_bytes)
      : ahead_bytes_(ahead_bytes),
        step_bytes_(std::max<size_t>(ahead_bytes / 4, 1)),
        appending_(std::move(appending)) {}

  // The writer's. True when it is time to extend.
  bool wrote(uint64_t bytes) {
    const uint64_t written = written_ += bytes;
    return written > step_bytes_ / 4 && written + ahead_bytes_ / 2 > end_ && !asked_.exchange(true);
  }
  [[nodiscard]] uint64_t written() const { return written_; }

  void extend() {
    const std::lock_guard lock(mutex_);
    while (appending_ != nullptr && !ending_ && end_ < written_ + ahead_bytes_) {
      // The file may end behind this, never before it.
      const uint64_t from = std::max<uint64_t>(end_, written_);
      if (const Io added = add_step(); !added.ok()) {
        log::warn("extending the write-ahead log failed", {{"error", added.ToString()}});
        appending_.reset();
        return;  // and is not asked again
      }
      end_ = from + step_bytes_;
    }
    asked_ = false;
  }

  // No zeros come after it returns.
  void end() {
    ending_ = true;
    const std::lock_guard lock(mutex_);
    appending_.reset();
  }

 private:
  Io add_step() {
    static const std::string zeros(64U << 10, '\0');
    for (size_t left = step_bytes_; left > 0;) {
      const size_t part = std::min(left, zeros.size());
      Io status = appending_->Append(rocksdb::Slice(zeros.data(), part), {}, nullptr);
      if (!status.ok()) return status;
      left -= part;
    }
    return appending_->Sync({}, nullptr);
  }

  const size_t ahead_bytes_;
  const size_t step_bytes_;
  std::atomic<uint64_t> written_ = 0;
  std::atomic<uint64_t> end_ = 0;  // the file is at least as long
  std::atomic<bool> asked_ = false;
  std::atomic<bool> ending_ = false;
  std::mutex mutex_;
  std::unique_ptr<rocksdb::FSWritableFile> appending_;  // guarded by mutex_; null: no more
};

class ExtendingThread {
 public:
  ExtendingThread() : thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "log-extension");
  }
  ExtendingThread(const ExtendingThread&) = delete;
  ExtendingThread& operator=(const ExtendingThread&) = delete;
  ~ExtendingThread() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void extend(std::shared_ptr<Extension> extension) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(extension));
    }
    wake_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      std::vector<std::shared_ptr<Extension>> taken;
      taken.swap(waiting_);
      lock.unlock();
      for (const auto& extension : taken) extension->extend();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Extension>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                            // guarded by mutex_
  std::thread thread_;                               // last: it uses all of the above
};

class ExtendedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  ExtendedLog(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<Extension> extension,
              std::shared_ptr<ExtendingThread> thread)
      : FSWritableFileOwnerWrapper(std::move(file)),
        extension_(std::move(extension)),
        thread_(std::move(thread)) {}
  ~ExtendedLog() override { extension_->end(); }

  Io Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options, Debug* debug) override {
    return wrote(data, FSWritableFileOwnerWrapper::Append(data, options, debug));
  }
  Io Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
            const rocksdb::DataVerificationInfo& verification, Debug* debug) override {
    return wrote(data, FSWritableFileOwnerWrapper::Append(data, options, verification, debug));
  }
  Io Close(const rocksdb::IOOptions& options, Debug* debug) override {
    extension_->end();
    Io status = Truncate(extension_->written(), options, debug);
    Io closed = FSWritableFileOwnerWrapper::Close(options, debug);
    return status.ok() ? closed : status;
  }

  // Room that is reserved without zeros in it changes with its first write, as a growing file does.
  void PrepareWrite(size_t, size_t, const rocksdb::IOOptions&, Debug*) override {}
  Io Allocate(uint64_t, uint64_t, const rocksdb::IOOptions&, Debug*) override { return Io::OK(); }

 private:
  Io wrote(const rocksdb::Slice& data, Io status) {
    if (status.ok() && extension_->wrote(data.size())) thread_->extend(extension_);
    return status;
  }

  const std::shared_ptr<Extension> extension_;
  const std::shared_ptr<ExtendingThread> thread_;
};

class ExtendingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  ExtendingFileSystem(const std::shared_ptr<FileSystem>& base, size_t ahead_bytes)
      : FileSystemWrapper(base), ahead_bytes_(ahead_bytes) {}

  [[nodiscard]] const char* Name() const override { return "ExtendingFileSystem"; }

  Io NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                     std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override {
    Io status = target()->NewWritableFile(name, options, result, debug);
    if (!status.ok() || !name.ends_with(".log")) return status;
    std::unique_ptr<rocksdb::FSWritableFile> appending;
    status = target()->ReopenWritableFile(name, options, &appending, debug);
    if (!status.ok()) return status;
    *result = std::make_unique<ExtendedLog>(
        std::move(*result), std::make_shared<Extension>(std::move(appending), ahead_bytes_),
        thread_);
    return status;
  }

 private:
  const size_t ahead_bytes_;
  const std::shared_ptr<ExtendingThread> thread_ = std::make_shared<ExtendingThread>();
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> extend_logs(const std::shared_ptr<rocksdb::FileSystem>& base,
                                                 size_t ahead_bytes) {
  return std::make_shared<ExtendingFileSystem>(base, ahead_bytes);
}

}  // namespace millrace::engine
