#include "logs/log_store.h"

#include <future>

#include "base/log.h"
#include "catalog/catalog.h"
#include "logs/layout.h"
#include "logs/sweep.h"

namespace millrace::logs {
namespace {

constexpr size_t kChangesPerCommit = 256;
constexpr size_t kBytesPerCommit = 8U << 20;

}  // namespace

LogStore::LogStore(engine::Engine& engine, const Clock& clock, LogSettings settings)
    : engine_(engine), clock_(clock), settings_(settings) {}

Result<std::unique_ptr<LogStore>> LogStore::open(engine::Engine& engine, const Clock& clock,
                                                 LogSettings settings) {
  std::unique_ptr<LogStore> store(new LogStore(engine, clock, settings));
  TRY(store->load());
  if (settings.sweep_milliseconds > 0) store->sweep_due_ = std::chrono::steady_clock::now();
  store->thread_ = std::thread([store = store.get()] { store->run(); });
  return store;
}

LogStore::~LogStore() {
  if (!thread_.joinable()) return;  // load() failed
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Status LogStore::load() {
  const auto next_number = TRY(engine_.get(catalog::kLogsPartition, kNextGroupKey));
  if (next_number) {
    const auto number = ByteReader(*next_number).read_u64();
    if (!number) return internal_error("the next number of a log group is malformed");
    groups_.set_next_number(*number);
  }
  std::vector<Group> groups;
  Status status = Done{};
  TRY(engine_.scan(catalog::kLogsPartition, all_groups(), engine::Direction::kForward,
                   [&](ByteView key, ByteView value) {
                     auto group = decode_group(key, value);
                     if (group.ok()) groups.push_back(std::move(*group));
                     if (!group.ok()) status = std::move(group).error();
                     return status.ok();
                   }));
  TRY(status);
  for (Group& group : groups) {
    const auto counters = TRY(engine_.get(catalog::kLogsPartition, counters_key(group.number)));
    if (!counters) return internal_error("a log group has no counters");
    TRY(decode_counters(*counters, group));
    groups_.put(std::make_shared<const Group>(std::move(group)));
  }
  return Done{};
}

void LogStore::change(Change change, std::function<void(Status)> done, size_t bytes) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(change), std::move(done), bytes});
  }
  wake_.notify_one();
}

Status LogStore::sweep() {
  std::promise<Status> swept;
  {
    std::lock_guard lock(mutex_);
    sweep_waits_.emplace_back([&](Status status) { swept.set_value(std::move(status)); });
  }
  wake_.notify_one();
  return swept.get_future().get();
}

void LogStore::run() {
  std::vector<Waiting> taken;
  bool sweep_is_due = false;
  while (wait_for_work(taken, sweep_is_due)) {
    if (!taken.empty()) write(std::exchange(taken, {}));
    if (sweep_is_due) sweep_some();
  }
}

bool LogStore::wait_for_work(std::vector<Waiting>& taken, bool& sweep_is_due) {
  std::unique_lock lock(mutex_);
  const auto woken = [this] { return stopping_ || !waiting_.empty() || !sweep_waits_.empty(); };
  const bool sweeping = !sweep_from_.empty();
  if (!sweeping && sweep_due_ == SteadyTime::max()) {
    wake_.wait(lock, woken);
  } else if (!sweeping) {
    wake_.wait_until(lock, sweep_due_, woken);
  }
  size_t bytes = 0;
  size_t count = 0;
  while (count < waiting_.size() && count < kChangesPerCommit && bytes < kBytesPerCommit) {
    bytes += waiting_[count++].bytes;
  }
  const auto end = waiting_.begin() + static_cast<ptrdiff_t>(count);
  taken.assign(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  sweep_is_due =
      sweeping || !sweep_waits_.empty() || std::chrono::steady_clock::now() >= sweep_due_;
  return !stopping_ || !taken.empty() || !sweep_waits_.empty() || !sweep_in_progress_.empty();
}

void LogStore::write(std::vector<Waiting> taken) {
  Batch batch(engine_, groups_);
  std::vector<Status> outcomes;
  outcomes.reserve(taken.size());
  for (const Waiting& waiting : taken) outcomes.push_back(waiting.change(batch));
  const Status committed = commit(batch);
  for (size_t i = 0; i < taken.size(); ++i) {
    taken[i].done(committed.ok() ? outcomes[i] : committed);
  }
  if (!committed.ok()) return;
  for (const std::string& group_name : batch.changed_groups()) {
    const Status shrunk = shrink(group_name);
    if (!shrunk.ok()) log::error("erasing old logs failed", {{"error", shrunk.error().message}});
  }
}

Status LogStore::commit(Batch& batch) {
  std::vector<engine::Mutation> mutations = batch.take_mutations();
  if (!mutations.empty()) {
    std::promise<Status> committed;
    engine_.commit({{catalog::kLogsPartition, std::move(mutations), {}}},
                   [&](Status status) { committed.set_value(std::move(status)); });
    TRY(committed.get_future().get());
  }
  batch.publish();
  return Done{};
}

Status LogStore::shrink(const std::string& group_name) {
  while (const GroupPointer group = groups_.find(group_name)) {
    Batch batch(engine_, groups_);
    if (!TRY(shrink_step(engine_, *group, settings_, batch))) break;
    TRY(commit(batch));
  }
  return Done{};
}

// One step, so that writes do not wait for a long sweep.
void LogStore::sweep_some() {
  if (sweep_from_.empty()) {
    std::lock_guard lock(mutex_);
    sweep_in_progress_.swap(sweep_waits_);
  }
  Batch batch(engine_, groups_);
  Status status =
      sweep_step(engine_, groups_, settings_, clock_.now_milliseconds(), sweep_from_, batch);
  if (status.ok()) status = commit(batch);
  if (status.ok() && !sweep_from_.empty()) return;
  if (!status.ok()) log::error("erasing old logs failed", {{"error", status.error().message}});
  sweep_from_.clear();
  if (settings_.sweep_milliseconds > 0) {
    sweep_due_ =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(settings_.sweep_milliseconds);
  }
  for (const auto& wait : std::exchange(sweep_in_progress_, {})) wait(status);
}

}  // namespace millrace::logs
