// The event source mappings at work: every mapping of the store that is enabled feeds its stream to
// its function.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "triggers/mapping_work.h"

namespace millrace::triggers {

struct MappingStatistics {
  MappingCounts counts;
  MappingLag lag;
};

// Thread-safe. All it works with outlives it, the scheduler also all calls of the invoker and the
// destinations.
class Triggers {
 public:
  // Takes the store's listener.
  Triggers(const Environment& environment, MappingStore& store);
  ~Triggers();
  Triggers(const Triggers&) = delete;
  Triggers& operator=(const Triggers&) = delete;

  // Begins with what the store has.
  void start();
  // Begins nothing new, and waits for what is under way, `grace` at most. Not from a task of the
  // scheduler.
  void stop(std::chrono::milliseconds grace);
  // The same without waiting: `done` is posted when nothing is under way any more.
  void stop(std::function<void()> done);

  // nullopt when there is no such mapping.
  [[nodiscard]] std::optional<std::string> last_processing_result(const std::string& uuid) const;
  // Calls `done` on the scheduler; ResourceNotFoundException when there is no such mapping.
  void describe(const std::string& uuid, std::function<void(Result<MappingStatistics>)> done);
  // Of all mappings at work, likewise.
  struct Described {
    MappingPointer mapping;
    MappingStatistics statistics;
  };
  void describe_all(std::function<void(Result<std::vector<Described>>)> done);
  // The mapping begins anew from there, with the stream it has. `done` as above, when that is
  // durable.
  void replay(const std::string& uuid, ReplayFrom from, std::function<void(Status)> done);

 private:
  void update(const std::string& uuid, const MappingPointer& now);
  [[nodiscard]] std::shared_ptr<MappingWork> find(const std::string& uuid) const;
  [[nodiscard]] std::vector<std::shared_ptr<MappingWork>> works() const;

  const Environment environment_;
  MappingStore& store_;
  catalog::Catalog::ListenerId listener_ = 0;
  // For tasks: they may still be there when this is gone.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool stopping_ = false;  // for tasks

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<MappingWork>> works_;  // guarded by mutex_; by UUID
};

}  // namespace millrace::triggers
