#include "jobs/background.h"

#include <algorithm>

#include "base/log.h"
#include "jobs/expiry_sweep.h"
#include "jobs/index_backfill.h"
#include "jobs/partition_split.h"
#include "jobs/retention.h"
#include "jobs/shard_roll.h"

namespace millrace::jobs {
namespace {

// A step that fails is tried again, not at once: after a failed commit all others fail, too.
constexpr std::chrono::seconds kPauseAfterFailure{1};

}  // namespace

Background::Background(ops::Database& database, BackgroundOptions options) : database_(database) {
  const std::chrono::milliseconds sweep_pause(options.expiry_sweep_milliseconds);
  tasks_.push_back({[&database] { return backfill_step(database); }});
  tasks_.push_back({[&database, sweep_pause] { return sweep_step(database, sweep_pause); }});
  tasks_.push_back({[&database] { return roll_step(database); }});
  tasks_.push_back(
      {[splits = std::make_shared<PartitionSplits>(database)] { return splits->step(); }});
  tasks_.push_back(
      {[retention = std::make_shared<Retention>(database)] { return retention->step(); }});
  listener_ = database_.catalog.add_listener([this](const catalog::Change&) {
    {
      std::lock_guard lock(mutex_);
      catalog_changed_ = true;
    }
    woken_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

Background::~Background() {
  database_.catalog.remove_listener(listener_);
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void Background::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (std::exchange(catalog_changed_, false)) {
      for (Task& task : tasks_) task.due = SteadyTime::min();
    }
    lock.unlock();
    for (Task& task : tasks_) run_if_due(task);
    const SteadyTime due = next_due();
    lock.lock();
    const auto woken = [this] { return stopping_ || catalog_changed_; };
    if (due == SteadyTime::max()) {
      woken_.wait(lock, woken);
    } else {
      woken_.wait_until(lock, due, woken);
    }
  }
}

void Background::run_if_due(Task& task) {
  if (std::chrono::steady_clock::now() < task.due) return;
  const auto pause = task.step();
  if (!pause.ok()) log::error("background work failed", {{"error", pause.error().message}});
  const Pause wait = pause.ok() ? *pause : Pause(kPauseAfterFailure);
  task.due = wait ? std::chrono::steady_clock::now() + *wait : SteadyTime::max();
}

Background::SteadyTime Background::next_due() const {
  auto soonest =
      std::min_element(tasks_.begin(), tasks_.end(),
                       [](const Task& one, const Task& other) { return one.due < other.due; });
  return soonest->due;
}

}  // namespace millrace::jobs
