// The functions there are, kept in memory and in the engine's partition of functions
// (docs/formats/functions.md).
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "functions/code_store.h"
#include "functions/function_record.h"

namespace millrace::functions {

// Thread-safe. Engine and code store must outlive it; the code store stops with it, and it ends
// when its last change is done.
class FunctionStore {
 public:
  // Reads everything that is stored, and removes code that belongs to nothing.
  // InternalServerError when something is damaged.
  static Result<std::unique_ptr<FunctionStore>> open(engine::Engine& engine, CodeStore& codes);
  ~FunctionStore();
  FunctionStore(const FunctionStore&) = delete;
  FunctionStore& operator=(const FunctionStore&) = delete;

  // nullptr when there is none.
  [[nodiscard]] FunctionPointer find(const std::string& name) const;
  // In order of their names, above `after`.
  [[nodiscard]] std::vector<FunctionPointer> list(const std::string& after, size_t limit) const;

  // Changes are made one after the other: `change` sees the function as it then is, or nullptr, and
  // returns what takes its place, nullptr to drop it, or an error, which changes nothing; it must
  // not block nor call the store. `done` is called when that is durable, with what `change`
  // returned, on any thread.
  using Change = std::function<Result<FunctionPointer>(const FunctionPointer& current)>;
  using ChangeDone = std::function<void(Result<FunctionPointer>)>;
  void change(const std::string& name, const Change& change, ChangeDone done);

  // Called after every durable change, before its `done`; either is nullptr where there was or is
  // none. Must not block. To be set before the first change.
  using Listener = std::function<void(const FunctionPointer& before, const FunctionPointer& now)>;
  void set_listener(Listener listener);

 private:
  FunctionStore(engine::Engine& engine, CodeStore& codes) : engine_(engine), codes_(codes) {}
  Status load();
  void commit_done();
  // Called in the order of the changes, as the engine promises.
  void publish(const std::string& name, const FunctionPointer& function);

  engine::Engine& engine_;
  CodeStore& codes_;
  Listener listener_;

  // Held while a change is made and handed to the engine, which may call back at once.
  std::recursive_mutex change_mutex_;
  std::map<std::string, FunctionPointer> submitted_;  // guarded by change_mutex_

  mutable std::shared_mutex mutex_;
  std::map<std::string, FunctionPointer> functions_;  // guarded by mutex_

  std::mutex commits_mutex_;
  std::condition_variable commits_done_;
  size_t commits_ = 0;  // in flight; guarded by commits_mutex_
};

}  // namespace millrace::functions
