// The event source mappings there are, kept in memory and in the engine's partition of the triggers
// (docs/formats/triggers.md). What they have worked off is elsewhere.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "triggers/mapping.h"

namespace millrace::triggers {

// Thread-safe. The engine must outlive it.
class MappingStore {
 public:
  // Reads everything that is stored. InternalServerError when that is damaged.
  static Result<std::unique_ptr<MappingStore>> open(engine::Engine& engine);

  // nullptr when there is none.
  [[nodiscard]] MappingPointer find(const std::string& uuid) const;
  // In order of their UUIDs, above `after`.
  [[nodiscard]] std::vector<MappingPointer> list(const std::string& after, size_t limit) const;

  // Changes are made one after the other: `change` sees the mapping as it then is, or nullptr, and
  // returns what takes its place, nullptr to drop it, or an error, which changes nothing. `done` is
  // called when that is durable, with what `change` returned, on any thread.
  using ChangeMapping = std::function<Result<MappingPointer>(const MappingPointer& current)>;
  using ChangeDone = std::function<void(Result<MappingPointer>)>;
  void change(const std::string& uuid, const ChangeMapping& change, ChangeDone done);

  // Creates `mapping` unless there is one of the same stream and function already:
  // ResourceConflictException.
  void insert(MappingPointer mapping, ChangeDone done);

  // Called after every durable change, before its `done`, on any thread, one call at a time and in
  // order of the changes of a mapping; `now` is nullptr when it was dropped. Must not block. To be
  // set before the first change.
  using Listener = std::function<void(const std::string& uuid, const MappingPointer& now)>;
  void set_listener(Listener listener);
};

}  // namespace millrace::triggers
