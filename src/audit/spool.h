// Events between the request and everything that is made of them: log files, log groups, the index.
// Kept in the engine (docs/formats/audit.md).
//
// Every event has a number. Whoever makes something of the events is a consumer with a cursor, the
// number of the first event that it has not dealt with; what all have dealt with is erased.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "audit/coverage.h"
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

// Thread-safe. Kept alive by its own commits in flight, which may be the engine's last; all that
// open() gets must outlive stop().
class Spool : public std::enable_shared_from_this<Spool> {
 public:
  // Reads the cursors and where the numbers go on. InternalServerError from the engine.
  [[nodiscard]] static Result<std::shared_ptr<Spool>> open(engine::Engine& engine,
                                                           const Clock& clock, Random& random,
                                                           const Coverage& coverage,
                                                           const AuditSettings& settings);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // --- for the recorder ---
  // Keeps the event; it is written within a second. False: it is dropped, and counted, because the
  // spool is full and drops.
  bool append(const Event& event);
  // The same, and calls `done` when the event is durable, or has been dropped.
  void append(const Event& event, const std::function<void(Status)>& done);
  // For an event that is committed by somebody else, together with what it tells of: takes a number
  // for it, which holds back the consumers until settle().
  [[nodiscard]] EventNumber reserve();
  [[nodiscard]] static engine::PartitionCommit commit_of(EventNumber number, const Event& event);
  // The event under that number is committed, with so many bytes, or will never be.
  void settle(EventNumber number, uint64_t bytes);
  // Commits another event under a number that was reserved, settles it and calls `done`.
  void replace(EventNumber number, const Event& event, std::function<void(Status)> done);

  // Whether an event would be dropped now.
  [[nodiscard]] bool drops() const;

  // Whether requests are to wait: the spool is full and blocks.
  [[nodiscard]] bool blocks() const { return blocks_; }
  // Calls `go` as soon as it does not, which may be at once; also when the spool stops.
  void when_free(std::function<void()> go);
  // Lets all go on that wait. Nobody waits from then on.
  void stop_waiting();
  // Writes what is buffered and ends the thread. What is appended from then on is dropped.
  void stop();

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
  // Whether so much waits for its consumers that they should not rest.
  [[nodiscard]] bool is_filling() const;
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
  using Callback = std::function<void(Status)>;
  // Encoded events that wait for the thread.
  struct Buffer {
    struct Block {
      Bytes events;
      uint64_t count = 0;
    };
    std::vector<Block> blocks;
    size_t bytes = 0;
    std::vector<Callback> done;
  };
  // Dropped events that nothing in the trail tells of yet.
  struct Gap {
    uint64_t events = 0;
    int64_t first_milliseconds = 0;
    int64_t last_milliseconds = 0;
    std::set<SinkId> sinks;
  };

  Spool(engine::Engine& engine, const Clock& clock, Random& random, const Coverage& coverage,
        const AuditSettings& settings);
  Status load();
  void run();
  void write(Buffer buffer);
  void end_write(EventNumber number, uint64_t bytes, const Status& status);
  // With mutex_ held: false when it is dropped.
  [[nodiscard]] bool keep(const Event& event, ByteView encoded, Callback done);
  void drop(const Event& event);
  std::vector<std::function<void()>> take_free();
  [[nodiscard]] Event service_event(std::string_view name, std::string details,
                                    std::vector<SinkId> sinks) const;
  // With mutex_ held, both.
  void keep_own(const Event& event);
  void tell_of_gap();
  void tell_of_damage(EventNumber block);
  // With mutex_ held.
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] EventNumber take_numbers(uint64_t count);
  void count_bytes(uint64_t bytes);
  [[nodiscard]] EventNumber settled_locked() const;
  void trim(EventNumber lowest_cursor, std::vector<engine::Mutation>& mutations);
  void note_space();

  engine::Engine& engine_;
  const Clock& clock_;
  Random& random_;
  const Coverage& coverage_;
  const AuditSettings settings_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable written_;
  // Guarded by mutex_, all of these.
  Buffer buffer_;
  std::optional<std::chrono::steady_clock::time_point> buffered_since_;
  bool hurry_ = false;  // somebody waits for the buffer
  uint64_t buffers_taken_ = 0;
  uint64_t buffers_written_ = 0;
  bool lets_all_go_ = false;
  bool stopping_ = false;
  Status last_write_ = Done{};
  EventNumber next_number_ = 1;
  std::set<EventNumber> unsettled_;
  std::map<std::string, EventNumber> cursors_;
  // Bytes by the number of the first event; blocks do not reach over their bounds.
  std::map<EventNumber, uint64_t> segments_;
  uint64_t stored_bytes_ = 0;
  uint64_t recorded_bytes_ = 0;
  std::chrono::steady_clock::time_point trimmed_at_;
  Gap gap_;
  std::set<EventNumber> damaged_;
  SpoolStatistics statistics_;
  std::vector<std::function<void()>> waiting_requests_;

  std::atomic<bool> blocks_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace millrace::audit
