// Readers of streams that wait for what is not there yet: GetRecords with `x-millrace-wait-ms`.
//
// The engine's waits cannot be taken back, so there is at most about one a partition, and the
// readers are kept here. A reader is woken when its partition's log grows, when the catalog changes
// a stream that its partition is in, at its deadline, and when the server stops. It is woken on
// one thread of this class's own, which sleeps while nobody waits, so that reading the records
// holds up no commit.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.h"
#include "engine/engine.h"

namespace millrace::ops {

enum class WaitEnd {
  kLook,  // something may have changed: look, and wait again if it did not
  kOver,  // the deadline has passed or the server stops: answer with what there is
};

// Thread-safe. Engine and catalog outlive its use: stop() it before the engine goes.
class RecordWaits {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  // May read the engine and call wait() again.
  using Woken = std::function<void(WaitEnd)>;

  RecordWaits(engine::Engine& engine, catalog::Catalog& catalog);
  ~RecordWaits();
  RecordWaits(const RecordWaits&) = delete;
  RecordWaits& operator=(const RecordWaits&) = delete;

  // To be read before the reader looks at the stream, so that no change is missed after that.
  [[nodiscard]] uint64_t changes() const;

  // Calls `woken` once: at once if there were changes since `seen_changes`; otherwise as soon as
  // the partition's log may hold a record at `position` or above, a change, or the deadline.
  void wait(engine::PartitionId partition, engine::LogPosition position, uint64_t seen_changes,
            SteadyTime deadline, Woken woken);

  // The partition's log is dropped, and the engine's wait for it with it. Nobody reads it any more.
  void forget(engine::PartitionId partition);

  // Wakes everybody and returns when all were called. From then on wait() calls at once. Not to be
  // called by `woken`.
  void stop();

  // How many wait.
  [[nodiscard]] size_t waiting() const;

 private:
  struct Reader;
  using Readers = std::list<Reader>;
  struct Partition {
    Readers readers;
    // The lowest position that a wait of the engine's is registered for.
    std::optional<engine::LogPosition> awaited;
  };
  struct Deadline {
    engine::PartitionId partition;
    Readers::iterator reader;
  };
  struct Reader {
    Woken woken;
    std::multimap<SteadyTime, Deadline>::iterator deadline;
  };
  struct Due {
    Woken woken;
    WaitEnd end;
  };
  using Partitions = std::unordered_map<engine::PartitionId, Partition>;

  void on_log(engine::PartitionId partition, engine::LogPosition awaited);
  void on_catalog_change(const catalog::Change& change);
  void run();
  // With mutex_ held:
  void add_reader(engine::PartitionId partition, SteadyTime deadline, Woken woken);
  void wake_partition(Partition& partition, WaitEnd end);
  void wake_overdue();
  void wake_all();

  engine::Engine& engine_;
  catalog::Catalog& catalog_;
  catalog::Catalog::ListenerId listener_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Partitions partitions_;                          // guarded by mutex_
  std::multimap<SteadyTime, Deadline> deadlines_;  // guarded by mutex_; one a reader
  std::vector<Due> due_;                           // guarded by mutex_
  uint64_t changes_ = 0;                           // guarded by mutex_; of the catalog's streams
  bool stopping_ = false;                          // guarded by mutex_
  std::thread thread_;                             // from the first wait on
};

}  // namespace millrace::ops
