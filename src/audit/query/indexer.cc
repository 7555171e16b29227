#include "audit/query/indexer.h"

#include "audit/background_thread.h"
#include "base/log.h"

namespace millrace::audit::query {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::seconds(1);
constexpr auto kAdvancePause = std::chrono::seconds(5);
constexpr auto kTrimPause = std::chrono::seconds(10);
// Of one transaction.
constexpr uint64_t kEventsMax = 1'000;

}  // namespace

Result<std::unique_ptr<Indexer>> Indexer::open(std::string path, EventFeed& feed,
                                               const catalog::Catalog& catalog, const Clock& clock,
                                               IndexBounds bounds) {
  EventIndex index = TRY(EventIndex::open(path, catalog));
  const EventNumber settled = feed.settled();
  const EventNumber cursor = TRY(feed.cursor());
  const auto next = TRY(index.next());
  // An index that is ahead is not of this spool, as after a restore of a backup.
  if (!next || *next > settled) TRY(index.restart_at(std::min(cursor, settled)));
  std::unique_ptr<Indexer> indexer(
      new Indexer(std::move(path), feed, std::move(index), clock, bounds));
  indexer->next_ = TRY(indexer->index_.next()).value_or(cursor);
  indexer->advanced_ = cursor;
  return indexer;
}

Indexer::Indexer(std::string path, EventFeed& feed, EventIndex index, const Clock& clock,
                 IndexBounds bounds)
    : path_(std::move(path)),
      feed_(feed),
      clock_(clock),
      bounds_(bounds),
      index_(std::move(index)) {}

Indexer::~Indexer() {
  stop();
}

void Indexer::start() {
  thread_ = std::thread([this] {
    enter_background("index");
    run();
  });
}

void Indexer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Indexer::catch_up(std::chrono::milliseconds timeout) {
  const auto deadline = SteadyClock::now() + timeout;
  const Status flushed = feed_.flush();
  if (!flushed.ok()) log::warn("the audit spool cannot be written", {});
  const EventNumber target = feed_.settled();
  std::unique_lock lock(mutex_);
  if (next_ >= target) return;
  wanted_ = true;
  changed_.notify_all();
  changed_.wait_until(lock, deadline, [&] { return next_ >= target || stopped_; });
}

IndexerStatistics Indexer::statistics() const {
  const EventNumber next = next_;
  const EventNumber settled = feed_.settled();
  return {.indexed_events = indexed_events_, .lag_events = settled > next ? settled - next : 0};
}

void Indexer::run() {
  while (true) {
    Status worked = work();
    if (!worked.ok() && index_.found_damage()) worked = begin_anew();
    if (!worked.ok() && !failing_) {
      log::error("events cannot be put into the audit index",
                 {{"path", path_}, {"error", worked.error().message}});
    }
    failing_ = !worked.ok();
    if (failing_ && feed_.is_filling()) give_up();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPause, [&] { return stopped_ || (wanted_ && !failing_); });
    wanted_ = false;
    if (stopped_) break;
  }
  // What the next start would do again.
  const Status advanced = advance();
  if (!advanced.ok()) log::warn("the audit index is behind the spool", {});
}

Status Indexer::work() {
  if (damage_reported_.exchange(false)) TRY(begin_anew());
  while (true) {
    const EventNumber target = feed_.settled();
    if (next_ >= target) break;
    TRY(index_some(target));
    TRY(keep_up());
    const auto rest = feed_.is_filling() ? std::chrono::nanoseconds(0) : pace_.rest_due();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, rest, [&] { return stopped_ || wanted_; });
    if (stopped_) return Done{};
  }
  return keep_up();
}

// An index that cannot be written must not be what the spool is kept for.
void Indexer::give_up() {
  const EventNumber settled = feed_.settled();
  const Status advanced = feed_.advance(settled);
  if (!advanced.ok()) return;
  log::error("events are left out of the audit index", {{"up_to", std::to_string(settled)}});
  advanced_ = settled;
}

Status Indexer::keep_up() {
  const auto now = SteadyClock::now();
  if (now >= advance_due_) {
    TRY(advance());
    advance_due_ = now + kAdvancePause;
  }
  if (now >= trim_due_) {
    TRY(trim());
    trim_due_ = SteadyClock::now() + kTrimPause;
  }
  return Done{};
}

Status Indexer::index_some(EventNumber target) {
  TRY(index_.begin());
  uint64_t added = 0;
  EventNumber next = next_;
  Status failed = Done{};
  TRY(feed_.visit(next_, [&](EventNumber number, const Event& event) {
    if (number >= target) return false;
    failed = index_.add(number, event);
    if (!failed.ok()) return false;
    next = number + 1;
    return ++added < kEventsMax;
  }));
  TRY(std::move(failed));
  // Numbers of events that never came to be have been passed over.
  if (added < kEventsMax) next = target;
  TRY(index_.commit(next));
  indexed_events_ += added;
  note_next(next);
  return Done{};
}

void Indexer::note_next(EventNumber next) {
  {
    std::lock_guard lock(mutex_);
    next_ = next;
  }
  changed_.notify_all();
}

Status Indexer::begin_anew() {
  TRY(index_.replace());
  const EventNumber cursor = TRY(feed_.cursor());
  TRY(index_.restart_at(cursor));
  note_next(cursor);
  return Done{};
}

Status Indexer::advance() {
  const EventNumber next = next_;
  if (next <= advanced_) return Done{};
  TRY(index_.sync());
  TRY(feed_.advance(next));
  advanced_ = next;
  return Done{};
}

Status Indexer::trim() {
  const auto deadline = SteadyClock::now() + kPause;
  while (TRY(index_.trim_some(bounds_, clock_.now_milliseconds()))) {
    if (SteadyClock::now() >= deadline) break;
    std::lock_guard lock(mutex_);
    if (stopped_ || wanted_) break;
  }
  return Done{};
}

}  // namespace millrace::audit::query
