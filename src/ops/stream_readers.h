// How far the readers of streams have come, for those who look after them: what GetRecords has
// answered lately. Nothing depends on it, and a restart forgets it.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "engine/engine.h"

namespace millrace::ops {

// Thread-safe. Bounded: the readers beyond its limit, or that have not read for a while, are
// forgotten.
class StreamReaders {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes kAgeMax{5};

  struct Place {
    engine::PartitionId partition;
    engine::LogPosition shard_first;
    engine::LogPosition next;  // to read
  };

  // `reader`: of the shard iterator.
  void note(uint64_t reader, const Place& place, SteadyTime now);

  // Where the reader furthest behind in a shard is; nullopt when nobody has read it lately.
  [[nodiscard]] std::optional<engine::LogPosition> slowest(engine::PartitionId partition,
                                                           engine::LogPosition shard_first,
                                                           SteadyTime now) const;

 private:
  struct Reading {
    Place place;
    SteadyTime at;
  };

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, Reading> readings_;  // guarded by mutex_
};

}  // namespace millrace::ops
