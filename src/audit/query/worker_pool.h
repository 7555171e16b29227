// Threads for what takes longer than the threads of requests may.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace millrace::audit::query {

// Thread-safe. Its destructor stops it.
class WorkerPool {
 public:
  // `name` as of enter_background().
  WorkerPool(const char* name, size_t threads, size_t waiting_max);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `job` on one of the threads, in the order of the calls. False: too many wait, or it is
  // stopped, and `job` is not run.
  [[nodiscard]] bool run(std::function<void()> job);
  // Lets all end that were taken; waits for them.
  void stop();

 private:
  void work();

  const size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
  bool stopped_ = false;                       // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace millrace::audit::query
