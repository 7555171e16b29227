// Queries that were started: waiting, running, and finished with their results for as long as there
// is room.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/query/indexer.h"
#include "audit/query/query_run.h"
#include "audit/query/worker_pool.h"
#include "base/clock.h"
#include "base/random.h"

namespace millrace::audit::query {

struct QueryBounds {
  size_t threads = 2;
  size_t unfinished_max = 10;
  size_t finished_max = 1000;
  size_t bytes_max = size_t{256} << 20;  // of all results
  std::chrono::milliseconds catch_up_time = std::chrono::seconds(10);
  QueryLimits limits = {};  // of one
};

struct QueryState {
  std::string status = "QUEUED";  // as the API has it
  std::string error;
  int64_t started_milliseconds = 0;    // when it was asked for
  int64_t execution_milliseconds = 0;  // 0 until it is over
  int64_t scanned_events = 0;
  std::shared_ptr<const std::vector<std::string>> rows;  // nullptr until it is FINISHED
  size_t bytes = 0;                                      // of rows
};

// A query as it was when it was looked at.
struct Query {
  std::string id;
  std::string statement;
  std::vector<std::string> stores;  // ids, or kAllEvents
  QueryState state;
};

struct QueriesStatistics {
  uint64_t started = 0;
  uint64_t failed = 0;
  uint64_t timed_out = 0;
};

// Thread-safe. What is passed in must outlive it; its destructor stops it.
class Queries {
 public:
  Queries(Indexer& indexer, const Clock& clock, Random& random, QueryBounds bounds);
  ~Queries();
  Queries(const Queries&) = delete;
  Queries& operator=(const Queries&) = delete;

  // Cancels what runs and waits, and takes no more.
  void stop();

  // Its id. `plan` has been checked. MaxConcurrentQueriesException.
  [[nodiscard]] Result<std::string> start(std::string statement, QueryPlan plan);
  // QueryIdNotFoundException.
  [[nodiscard]] Result<Query> find(const std::string& id) const;
  // Newest first, without their rows.
  [[nodiscard]] std::vector<Query> all() const;
  // Also InactiveQueryException when it is over.
  [[nodiscard]] Status cancel(const std::string& id);

  [[nodiscard]] QueriesStatistics statistics() const;

 private:
  struct Entry {
    Query query;
    QueryPlan plan;
    uint64_t number = 0;  // in the order of their start
    std::atomic<bool> cancelled = false;
  };
  using EntryPointer = std::shared_ptr<Entry>;

  void run(const EntryPointer& entry);
  void finish(const EntryPointer& entry, QueryOutcome outcome, int64_t milliseconds);
  void make_room();

  Indexer& indexer_;
  const Clock& clock_;
  Random& random_;
  const QueryBounds bounds_;
  mutable std::mutex mutex_;
  std::map<std::string, EntryPointer> entries_;  // guarded by mutex_, as all below
  std::deque<EntryPointer> finished_;            // oldest first
  size_t unfinished_ = 0;
  size_t bytes_ = 0;
  uint64_t next_number_ = 1;
  QueriesStatistics statistics_;
  WorkerPool workers_;
};

}  // namespace millrace::audit::query
