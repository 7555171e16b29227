// The thread that puts the events of the spool into the index, each once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "audit/background_thread.h"
#include "audit/query/event_feed.h"
#include "audit/query/event_index.h"
#include "base/clock.h"

namespace millrace::audit::query {

struct IndexerStatistics {
  uint64_t indexed_events = 0;  // since the start
  uint64_t lag_events = 0;      // that are in the spool and not in the index
};

// Thread-safe. What is passed in must outlive it; its destructor stops it.
class Indexer {
 public:
  // InternalServerError when the index can neither be opened nor made.
  [[nodiscard]] static Result<std::unique_ptr<Indexer>> open(std::string path, EventFeed& feed,
                                                             const catalog::Catalog& catalog,
                                                             const Clock& clock,
                                                             IndexBounds bounds);
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  void start();
  // Puts nothing more in; what waits in catch_up() goes on.
  void stop();

  // Returns when the events of all requests that were answered before are in the index, or after
  // `timeout`.
  void catch_up(std::chrono::milliseconds timeout);
  // A reader has found the file to be damaged.
  void report_damage() { damage_reported_ = true; }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] IndexerStatistics statistics() const;

 private:
  Indexer(std::string path, EventFeed& feed, EventIndex index, const Clock& clock,
          IndexBounds bounds);

  void run();
  // Everything that is settled, and what is due besides.
  Status work();
  Status index_some(EventNumber target);
  Status begin_anew();
  // Lets the spool erase what is in the index and on disk.
  // Moves the cursor and trims the index, when it is time.
  Status keep_up();
  void give_up();
  Status advance();
  Status trim();
  void note_next(EventNumber next);

  const std::string path_;
  EventFeed& feed_;
  const Clock& clock_;
  const IndexBounds bounds_;
  EventIndex index_;  // of the thread
  EventNumber advanced_ = 0;
  std::chrono::steady_clock::time_point advance_due_;
  std::chrono::steady_clock::time_point trim_due_;
  bool failing_ = false;  // so that a failure is logged once

  std::atomic<EventNumber> next_ = 0;
  std::atomic<uint64_t> indexed_events_ = 0;
  std::atomic<bool> damage_reported_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;   // guarded by mutex_
  bool stopped_ = false;  // guarded by mutex_
  Pace pace_;
  std::thread thread_;
};

}  // namespace millrace::audit::query
