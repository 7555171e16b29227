#include "audit/query/queries.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/uuid.h"

namespace millrace::audit::query {
namespace {

using SteadyClock = std::chrono::steady_clock;

Error no_such_query(const std::string& id) {
  return {ErrorCode::kQueryIdNotFoundException, fmt::format("There is no query {}.", id)};
}

std::string_view status_of(QueryOutcome::End end) {
  switch (end) {
    case QueryOutcome::End::kFinished:
      return "FINISHED";
    case QueryOutcome::End::kFailed:
      return "FAILED";
    case QueryOutcome::End::kCancelled:
      return "CANCELLED";
    case QueryOutcome::End::kTimedOut:
      return "TIMED_OUT";
  }
  return "FAILED";
}

}  // namespace

Queries::Queries(Indexer& indexer, const Clock& clock, Random& random, QueryBounds bounds)
    : indexer_(indexer),
      clock_(clock),
      random_(random),
      bounds_(bounds),
      workers_("query", bounds.threads, bounds.unfinished_max) {}

Queries::~Queries() {
  stop();
}

void Queries::stop() {
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) entry->cancelled = true;
  }
  workers_.stop();
}

Result<std::string> Queries::start(std::string statement, QueryPlan plan) {
  auto entry = std::make_shared<Entry>();
  entry->query.id = new_uuid(random_);
  entry->query.statement = std::move(statement);
  entry->query.stores = plan.reads;
  entry->query.state.started_milliseconds = clock_.now_milliseconds();
  entry->plan = std::move(plan);
  std::lock_guard lock(mutex_);
  if (unfinished_ >= bounds_.unfinished_max || !workers_.run([this, entry] { run(entry); })) {
    return Error{ErrorCode::kMaxConcurrentQueriesException,
                 fmt::format("{} queries are running already.", unfinished_)};
  }
  ++unfinished_;
  ++statistics_.started;
  entry->number = next_number_++;
  entries_[entry->query.id] = entry;
  return entry->query.id;
}

void Queries::run(const EntryPointer& entry) {
  const auto began = SteadyClock::now();
  {
    std::lock_guard lock(mutex_);
    entry->query.state.status = "RUNNING";
  }
  QueryOutcome outcome;
  if (!entry->cancelled) indexer_.catch_up(bounds_.catch_up_time);
  if (entry->cancelled) {
    outcome.end = QueryOutcome::End::kCancelled;
  } else {
    outcome = run_query(indexer_.path(), entry->plan, bounds_.limits, entry->cancelled);
  }
  if (outcome.found_damage) indexer_.report_damage();
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began);
  finish(entry, std::move(outcome), took.count());
}

void Queries::finish(const EntryPointer& entry, QueryOutcome outcome, int64_t milliseconds) {
  std::lock_guard lock(mutex_);
  QueryState& state = entry->query.state;
  state.status = status_of(outcome.end);
  state.error = std::move(outcome.error);
  state.execution_milliseconds = milliseconds;
  state.scanned_events = outcome.scanned_events;
  if (outcome.end == QueryOutcome::End::kFinished) {
    state.rows = std::make_shared<const std::vector<std::string>>(std::move(outcome.rows));
    state.bytes = outcome.bytes;
  }
  statistics_.failed += outcome.end == QueryOutcome::End::kFailed ? 1 : 0;
  statistics_.timed_out += outcome.end == QueryOutcome::End::kTimedOut ? 1 : 0;
  --unfinished_;
  bytes_ += state.bytes;
  finished_.push_back(entry);
  make_room();
}

// The newest result stays, however large.
void Queries::make_room() {
  while (finished_.size() > 1 &&
         (finished_.size() > bounds_.finished_max || bytes_ > bounds_.bytes_max)) {
    const EntryPointer& oldest = finished_.front();
    bytes_ -= oldest->query.state.bytes;
    entries_.erase(oldest->query.id);
    finished_.pop_front();
  }
}

Result<Query> Queries::find(const std::string& id) const {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return no_such_query(id);
  return found->second->query;
}

std::vector<Query> Queries::all() const {
  std::vector<std::pair<uint64_t, Query>> numbered;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) numbered.emplace_back(entry->number, entry->query);
  }
  std::ranges::sort(numbered, std::greater(), [](const auto& one) { return one.first; });
  std::vector<Query> queries;
  for (auto& [number, query] : numbered) {
    query.state.rows = nullptr;
    queries.push_back(std::move(query));
  }
  return queries;
}

Status Queries::cancel(const std::string& id) {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return no_such_query(id);
  const std::string& status = found->second->query.state.status;
  if (status != "QUEUED" && status != "RUNNING") {
    return Error{ErrorCode::kInactiveQueryException, fmt::format("Query {} is {}.", id, status)};
  }
  found->second->cancelled = true;
  return Done{};
}

QueriesStatistics Queries::statistics() const {
  std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace millrace::audit::query
