// Runs one statement over the index: read-only, and within bounds of time and memory.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "audit/query/query_rewrite.h"
#include "audit/query/sqlite.h"

namespace millrace::audit::query {

// What a statement sees under the name of a view.
struct EventView {
  std::string name;
  SinkId sink = 0;                // 0: all events
  int64_t from_milliseconds = 0;  // events of before are not seen
};

struct QueryPlan {
  RewrittenQuery query;
  std::vector<EventView> views;
  std::vector<std::string> reads;  // ids of event data stores, or kAllEvents
};

struct QueryLimits {
  std::chrono::milliseconds time = std::chrono::seconds(60);
  size_t rows_max = 100'000;
  size_t bytes_max = size_t{64} << 20;
  // Of all queries together.
  int64_t memory_bytes_max = int64_t{512} << 20;
};

struct QueryOutcome {
  enum class End { kFinished, kFailed, kCancelled, kTimedOut };

  End end = End::kFinished;
  std::string error;              // of kFailed, for the user
  std::vector<std::string> rows;  // each as GetQueryResults has it: [{"column":"text"},…]
  size_t bytes = 0;               // of rows
  int64_t scanned_events = 0;
  bool found_damage = false;
};

// Whether it compiles. InvalidQueryStatementException with SQLite's message.
[[nodiscard]] Status check_query(const std::string& index_path, const QueryPlan& plan);
// Ends soon after `cancelled` becomes true.
[[nodiscard]] QueryOutcome run_query(const std::string& index_path, const QueryPlan& plan,
                                     const QueryLimits& limits, const std::atomic<bool>& cancelled);

}  // namespace millrace::audit::query
