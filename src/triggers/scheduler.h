// Where the triggers run: one task at a time, in order, and timers. A test has one whose time it
// moves itself.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace millrace::triggers {

class Scheduler {
 public:
  using Task = std::function<void()>;
  using TimerId = uint64_t;

  virtual ~Scheduler() = default;
  // Runs `task` after all that was posted before. Thread-safe.
  virtual void post(Task task) = 0;
  // For tasks only. Posts `task` when `delay` is over, unless it is cancelled before.
  virtual TimerId after(std::chrono::milliseconds delay, Task task) = 0;
  // Harmless when the timer has run.
  virtual void cancel(TimerId timer) = 0;
};

// A thread of its own, asleep while there is nothing to do.
class SchedulerThread final : public Scheduler {
 public:
  SchedulerThread();
  ~SchedulerThread() override;
  SchedulerThread(const SchedulerThread&) = delete;
  SchedulerThread& operator=(const SchedulerThread&) = delete;

  void post(Task task) override;
  TimerId after(std::chrono::milliseconds delay, Task task) override;
  void cancel(TimerId timer) override;
  // Ends the thread; what is posted from then on is dropped. Not from a task.
  void stop();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Timer {
    TimerId id;
    Task task;
  };

  void run();
  // With mutex_ held.
  void move_due_timers();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;                   // guarded by mutex_
  std::multimap<SteadyTime, Timer> timers_;  // guarded by mutex_
  TimerId next_timer_ = 1;                   // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::thread thread_;
};

}  // namespace millrace::triggers
