// What the triggers need of the rest of the server, and of the world.
#pragma once

#include "base/random.h"
#include "functions/invocation.h"
#include "ops/database.h"
#include "triggers/failed_batch.h"
#include "triggers/scheduler.h"

namespace millrace::triggers {

// Tells that a shard may have more than was there.
class RecordSignal {
 public:
  virtual ~RecordSignal() = default;
  // To be read before looking at the log and the stream, so that no change is missed after that.
  [[nodiscard]] virtual uint64_t changes() const = 0;
  // Calls `woken` once, on any thread: when the partition's log may hold a record at `position` or
  // above, when a stream changes, at once if one has changed since `seen_changes`, and perhaps at
  // other times.
  virtual void wait(engine::PartitionId partition, engine::LogPosition position,
                    uint64_t seen_changes, std::function<void()> woken) = 0;
};

// All outlive the triggers.
struct Environment {
  ops::Database& database;
  Scheduler& scheduler;
  RecordSignal& signal;
  functions::Invoker& invoker;
  FailureDestinations& destinations;
};

}  // namespace millrace::triggers
