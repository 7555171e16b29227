// The code of functions on disk: DIRECTORY/NAME-UNIQUE/ holds code.zip as it was uploaded and code/
// as it was unpacked (docs/formats/functions.md). Nothing there is ever changed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "functions/code_archive.h"

namespace millrace::functions {

class CodeWork;

// Removed from the disk when nothing refers to it any more, but for when the server stops.
struct Code {
  std::string name;       // of the directory
  std::string directory;  // absolute: what is unpacked
  std::string sha256;     // of the zip file, base64
  int64_t zip_bytes = 0;
  int64_t unpacked_bytes = 0;
  std::weak_ptr<CodeWork> work = {};

  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code();
};
using CodePointer = std::shared_ptr<const Code>;

struct CodeStoreOptions {
  std::string directory;  // made if it is not there; empty: a temporary one, removed in the end
  int64_t bytes_max = int64_t{80} * 1024 * 1024 * 1024;  // of all code, zipped and unpacked
  UnpackLimits unpack = {};
};

// Works in a thread of its own. Thread-safe. Code may outlive it.
class CodeStore {
 public:
  // InvalidConfiguration when the directory cannot be used.
  static Result<std::unique_ptr<CodeStore>> open(CodeStoreOptions options, Random& random);
  ~CodeStore();
  CodeStore(const CodeStore&) = delete;
  CodeStore& operator=(const CodeStore&) = delete;

  // Unpacks and keeps. `done` is called once, on the thread of the store, with code that is wholly
  // on disk; after a crash there is all of it or nothing. Errors as of unpack_code(), and
  // CodeStorageExceededException.
  using AddDone = std::function<void(Result<CodePointer>)>;
  void add(std::string function_name, Bytes zip, AddDone done);

  // Code that is stored already, by what add() said of it.
  [[nodiscard]] CodePointer existing(const std::string& name, const std::string& sha256,
                                     int64_t zip_bytes, int64_t unpacked_bytes);
  // Removes all that is neither existing() nor added: what a crash left.
  void remove_others();

  // Ends the thread, and all work with it. What is no longer referred to from now on stays on the
  // disk until the next start: whoever holds code calls this before letting go of it in the end.
  // Idempotent, for one thread at a time.
  void stop();

  [[nodiscard]] int64_t bytes_max() const { return options_.bytes_max; }

  // The zip file; ResourceNotFoundException when it is gone. `done` as above.
  void read_zip(std::string name, std::function<void(Result<Bytes>)> done);

 private:
  CodeStore(CodeStoreOptions options, Random& random, bool temporary);

  [[nodiscard]] Result<CodePointer> add_now(const std::string& function_name, const Bytes& zip);
  [[nodiscard]] Result<int64_t> write(const std::string& incoming, const Bytes& zip) const;
  [[nodiscard]] std::string path_of(const std::string& name) const;
  [[nodiscard]] std::shared_ptr<Code> make_code(const std::string& name, std::string sha256,
                                                int64_t zip_bytes, int64_t unpacked_bytes);

  const CodeStoreOptions options_;
  const bool temporary_;
  Random& random_;
  const std::shared_ptr<CodeWork> work_;
  std::thread thread_;
};

// The thread's tasks, which Code shares with the store.
class CodeWork {
 public:
  void submit(std::function<void()> task);
  void remove(const std::string& name, int64_t bytes);
  void run();  // until stop()
  void stop();

  std::function<void(const std::string& name)> remove_now;  // set before the first task
  [[nodiscard]] int64_t bytes() const;
  void add_bytes(int64_t bytes);
  void keep(const std::string& name);
  [[nodiscard]] bool is_kept(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  // guarded by mutex_
  std::deque<std::function<void()>> tasks_;
  std::set<std::string> kept_;
  int64_t bytes_ = 0;
  bool stopping_ = false;
};

}  // namespace millrace::functions
