// Log groups, their streams and events, kept in the engine (docs/formats/logs.md).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"
#include "logs/batch.h"
#include "logs/group.h"
#include "logs/settings.h"

namespace millrace::logs {

struct LogEvent {
  int64_t timestamp_milliseconds = 0;
  std::string message;
};

// The message dies when the visitor returns.
struct StoredEvent {
  Position position;
  uint64_t stream = 0;  // its number
  int64_t ingestion_milliseconds = 0;
  ByteView message;
};
using EventVisitor = std::function<bool(const StoredEvent&)>;  // false: no more
using StreamVisitor = std::function<bool(const Stream&)>;      // likewise

// Thread-safe. The engine and the clock must outlive it; its destructor completes what was
// submitted. Everything is written by a thread of its own: what waits goes into one commit.
class LogStore {
 public:
  // Reads the groups; streams and events stay in the engine.
  [[nodiscard]] static Result<std::unique_ptr<LogStore>> open(engine::Engine& engine,
                                                              const Clock& clock,
                                                              LogSettings settings);
  ~LogStore();
  LogStore(const LogStore&) = delete;
  LogStore& operator=(const LogStore&) = delete;

  // For what the server itself logs, such as the output of functions: makes group and stream when
  // they are not there. `done` is called when the events are durable, on any thread; who has much
  // to say waits for it before saying more. What is longer than 256 KiB is cut, what is not UTF-8
  // is replaced, and what is empty left out.
  void append(const std::string& group, const std::string& stream, std::vector<LogEvent> events,
              std::function<void(Status)> done);

  // Runs on the store's thread, in the order of the calls. On an error it should have changed
  // nothing. `bytes` is about what it adds.
  using Change = std::function<Status(Batch&)>;
  // `done` is called when the change is durable, with what it returned, or the engine's error.
  void change(Change change, std::function<void(Status)> done, size_t bytes = 0);

  [[nodiscard]] const Groups& groups() const { return groups_; }
  [[nodiscard]] int64_t now_milliseconds() const { return clock_.now_milliseconds(); }

  // nullopt when there is none.
  [[nodiscard]] Result<std::optional<Stream>> find_stream(const Group& group,
                                                          std::string_view name) const;
  // By name: those that begin with `prefix`, from `from` on, or in reverse from below `from` on,
  // where none means from the end.
  [[nodiscard]] Status visit_streams(const Group& group, std::string_view prefix,
                                     const std::optional<std::string>& from,
                                     engine::Direction direction, const StreamVisitor& visit) const;
  // By the time of their last event and then name. `from` is a stream of an earlier visit and is
  // itself left out.
  struct LastEventPlace {
    uint64_t last_event = 0;
    std::string name;
  };
  [[nodiscard]] Status visit_streams_by_last_event(const Group& group,
                                                   const std::optional<LastEventPlace>& from,
                                                   engine::Direction direction,
                                                   const StreamVisitor& visit) const;
  // nullopt: it has been deleted.
  [[nodiscard]] Result<std::optional<std::string>> stream_name(const Group& group,
                                                               uint64_t number) const;

  // Events in order. Those of deleted streams may still be among the group's.
  [[nodiscard]] Status visit_group_events(const Group& group, const PositionRange& range,
                                          const EventVisitor& visit) const;
  [[nodiscard]] Status visit_stream_events(const Group& group, uint64_t stream,
                                           const PositionRange& range, engine::Direction direction,
                                           const EventVisitor& visit) const;

  // Erases all that no longer counts. The store's thread does so by itself, too
  // (LogSettings::sweep_milliseconds).
  [[nodiscard]] Status sweep();

 private:
  struct Waiting {
    Change change;
    std::function<void(Status)> done;
    size_t bytes;
  };
  using SteadyTime = std::chrono::steady_clock::time_point;

  LogStore(engine::Engine& engine, const Clock& clock, LogSettings settings);
  Status load();

  void run();
  // Waits for work. False when there is none and the thread is to end.
  bool wait_for_work(std::vector<Waiting>& taken, bool& sweep_is_due);
  void write(std::vector<Waiting> taken);
  Status commit(Batch& batch);
  // Until the group is no longer too large.
  Status shrink(const std::string& group_name);
  void sweep_some();

  engine::Engine& engine_;
  const Clock& clock_;
  const LogSettings settings_;
  Groups groups_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> waiting_;                          // guarded by mutex_
  std::vector<std::function<void(Status)>> sweep_waits_;  // guarded by mutex_
  bool stopping_ = false;                                 // guarded by mutex_

  // Of the store's thread alone.
  SteadyTime sweep_due_ = SteadyTime::max();
  std::vector<std::function<void(Status)>> sweep_in_progress_;  // those who wait for its end
  std::string sweep_from_;  // the group with which it goes on; empty: none is in progress

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace millrace::logs
