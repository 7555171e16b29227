#include "triggers/scheduler.h"

#include <algorithm>

namespace millrace::triggers {

SchedulerThread::SchedulerThread() : thread_([this] { run(); }) {}

SchedulerThread::~SchedulerThread() {
  stop();
}

void SchedulerThread::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

Scheduler::TimerId SchedulerThread::after(std::chrono::milliseconds delay, Task task) {
  std::lock_guard lock(mutex_);
  const TimerId id = next_timer_++;
  timers_.emplace(std::chrono::steady_clock::now() + delay, Timer{id, std::move(task)});
  wake_.notify_one();
  return id;
}

void SchedulerThread::cancel(TimerId timer) {
  std::lock_guard lock(mutex_);
  std::erase_if(timers_, [&](const auto& entry) { return entry.second.id == timer; });
}

void SchedulerThread::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void SchedulerThread::move_due_timers() {
  const auto now = std::chrono::steady_clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    tasks_.push_back(std::move(timers_.begin()->second.task));
    timers_.erase(timers_.begin());
  }
}

void SchedulerThread::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    move_due_timers();
    if (!tasks_.empty()) {
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      task = nullptr;  // what it holds may post on its way out
      lock.lock();
    } else if (timers_.empty()) {
      wake_.wait(lock);
    } else {
      // A copy: the entry may go while the lock is released.
      const SteadyTime due = timers_.begin()->first;
      wake_.wait_until(lock, due);
    }
  }
  // Destroyed outside the lock, for the same reason.
  std::deque<Task> tasks;
  tasks.swap(tasks_);
  std::multimap<SteadyTime, Timer> timers;
  timers.swap(timers_);
  lock.unlock();
}

}  // namespace millrace::triggers
