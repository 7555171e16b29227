// Events between the request and everything that is made of them: log files, log groups, the index.
// Kept in the engine (docs/formats/audit.md).
//
// Every event has a number. Whoever makes something of the events is a consumer with a cursor, the
// number of the first event that it has not dealt with; what all have dealt with is erased.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "audit/event.h"
#include "audit/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "engine/engine.h"

namespace millrace::audit {

using EventNumber = uint64_t;

struct SpoolStatistics {
  uint64_t recorded_events = 0;  // since the start, those of gaps too
  uint64_t dropped_events = 0;   // since the start
  uint64_t damaged_blocks = 0;   // found since the start
  uint64_t bytes = 0;            // of what is kept
};

// Thread-safe. The engine, the clock and the random numbers must outlive it; its destructor writes
// what is buffered.
class Spool {
 public:
  // Reads the cursors and where the numbers go on. InternalServerError from the engine.
  [[nodiscard]] static Result<std::unique_ptr<Spool>> open(engine::Engine& engine,
                                                           const Clock& clock, Random& random,
                                                           const AuditSettings& settings);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // --- for the recorder ---
  // Keeps the event; it is written within a second. False: it is dropped, and counted, because the
  // spool is full and drops.
  bool append(Event event);
  // The same, and calls `done` when the event is durable, or has been dropped.
  void append(Event event, std::function<void(Status)> done);
  // For an event that is committed by somebody else, together with what it tells of: takes a number
  // for it, which holds back the consumers until settle().
  [[nodiscard]] EventNumber reserve();
  [[nodiscard]] static engine::PartitionCommit commit_of(EventNumber number, const Event& event);
  // The event under that number is committed, or will never be. `bytes`: of its commit.
  void settle(EventNumber number, uint64_t bytes);

  // Whether requests are to wait: the spool is full and blocks.
  [[nodiscard]] bool blocks() const { return blocks_; }
  // Calls `go` as soon as it does not, which may be at once; also when the spool stops.
  void when_free(std::function<void()> go);
  // Lets all go on that wait. Nobody waits from then on.
  void stop_waiting();

  // --- for consumers ---
  // All events below are there and stay as they are.
  [[nodiscard]] EventNumber settled() const;
  // Writes what is buffered: events of requests that were answered before the call are then
  // settled.
  [[nodiscard]] Status flush();
  // Events with from <= number < settled(), in order, until the visitor returns false. What is
  // damaged is left out, counted, and told of by an event of its own.
  using Visitor = std::function<bool(EventNumber, const Event&)>;
  [[nodiscard]] Status visit(EventNumber from, const Visitor& visit);
  // About how many bytes of events were recorded since the start, for "is there much to do?".
  [[nodiscard]] uint64_t recorded_bytes() const;

  // The cursor; a new consumer gets one at the events to come.
  [[nodiscard]] Result<EventNumber> cursor(const std::string& consumer);
  // Moves it, in one durable commit with `with`, mutations of the partition kAuditPartition: what
  // the consumer keeps for itself, under keys that begin with "k/" and its name.
  [[nodiscard]] Status advance(const std::string& consumer, EventNumber next,
                               std::vector<engine::Mutation> with = {});
  // Forgets the consumer: nothing is kept for it any more. Its "k/" keys are its own to erase.
  [[nodiscard]] Status remove(const std::string& consumer);

  [[nodiscard]] SpoolStatistics statistics() const;

 private:
  struct Waiting;
};

}  // namespace millrace::audit
