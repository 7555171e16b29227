// Which positions each partition's log holds, and who waits for more: the part of the contract that
// is the same for every engine that runs in one process.
//
// Thread-safe. Callbacks are handed back to the caller, or called with no lock held.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "engine/engine.h"

namespace millrace::engine {

class PartitionLogs {
 public:
  // Reads a partition's range from storage. Called at its first use, perhaps by two threads at
  // once.
  using Load = std::function<Result<LogRange>(PartitionId)>;
  using Ready = std::function<void()>;
  using Ranges = std::unordered_map<PartitionId, LogRange>;

  explicit PartitionLogs(Load load) : load_(std::move(load)) {}

  [[nodiscard]] Result<LogRange> range(PartitionId partition);

  // Hides the records below `before` at once. Returns the range as it was.
  [[nodiscard]] Result<LogRange> trim(PartitionId partition, LogPosition before);

  // Takes the ranges after a commit. Returns the waits that are over, for the caller to call.
  [[nodiscard]] std::vector<Ready> publish(const Ranges& ranges);

  // As Engine::wait_log. When the range cannot be read, `ready` is called too: the read it leads to
  // meets the error.
  void wait(PartitionId partition, LogPosition position, Ready ready);

  // Forgets the range of a dropped partition and its waits.
  void forget(PartitionId partition);

 private:
  struct PartitionLog {
    LogRange range;
    std::multimap<LogPosition, Ready> waits;
  };

  // The partition's entry, with `lock` held over it. `lock` is released while it loads.
  Result<PartitionLog*> find(PartitionId partition, std::unique_lock<std::mutex>& lock);

  const Load load_;
  std::mutex mutex_;
  std::unordered_map<PartitionId, PartitionLog> logs_;  // guarded by mutex_
};

// Appends `records` to a range: asserts that their positions rise.
void extend(LogRange& range, const std::vector<LogRecord>& records);

}  // namespace millrace::engine
