// The event source mappings there are, kept in memory and in the engine's partition of the triggers
// (docs/formats/triggers.md). What they have worked off is elsewhere.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "triggers/mapping.h"

namespace millrace::triggers {

// Thread-safe. The engine must outlive it. The destructor waits for the changes that were asked
// for.
class MappingStore {
 public:
  // Reads everything that is stored. InternalServerError when that is damaged.
  static Result<std::unique_ptr<MappingStore>> open(engine::Engine& engine);
  MappingStore(const MappingStore&) = delete;
  MappingStore& operator=(const MappingStore&) = delete;
  ~MappingStore();

  // nullptr when there is none.
  [[nodiscard]] MappingPointer find(const std::string& uuid) const;
  // In order of their UUIDs, above `after`.
  [[nodiscard]] std::vector<MappingPointer> list(const std::string& after, size_t limit) const;

  // Changes are made one after the other: `change` sees the mapping as it then is, or nullptr, and
  // returns what takes its place, nullptr to drop it, or an error, which changes nothing. `done` is
  // called when that is durable, with what `change` returned, on any thread. Returning what it saw
  // changes nothing, successfully. Neither may block; both may call the store.
  using ChangeMapping = std::function<Result<MappingPointer>(const MappingPointer& current)>;
  using ChangeDone = std::function<void(Result<MappingPointer>)>;
  void change(const std::string& uuid, const ChangeMapping& change, ChangeDone done);

  // Creates `mapping` unless there is one of the same stream and function already:
  // ResourceConflictException.
  void insert(MappingPointer mapping, ChangeDone done);

  // ResourceConflictException when another mapping has its stream and function. Holds until the end
  // of the change in which it is asked.
  [[nodiscard]] Status check_unique(const Mapping& mapping) const;

  // Called after every durable change, before its `done`, on any thread, one call at a time and in
  // order of the changes of a mapping; `now` is nullptr when it was dropped. Must not block. To be
  // set before the first change.
  using Listener = std::function<void(const std::string& uuid, const MappingPointer& now)>;
  void set_listener(Listener listener);

 private:
  struct Pending {
    std::string uuid;
    ChangeMapping change;
    ChangeDone done;
  };

  explicit MappingStore(engine::Engine& engine) : engine_(engine) {}
  Status load();
  // Makes the changes in `pending_` until there is none or one waits for its commit.
  void make_changes();
  // Whether the next change can be made: it is not when `pending`'s commit goes on elsewhere.
  bool make_change(Pending pending);
  void publish(const std::string& uuid, const MappingPointer& now);

  engine::Engine& engine_;
  Listener listener_;

  mutable std::shared_mutex mutex_;
  std::map<std::string, MappingPointer> mappings_;  // guarded by mutex_

  std::mutex pending_mutex_;
  std::deque<Pending> pending_;    // guarded by pending_mutex_
  bool changing_ = false;          // guarded by pending_mutex_: one is being made
  std::condition_variable quiet_;  // `changing_` became false
};

}  // namespace millrace::triggers
