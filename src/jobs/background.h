// What the server does by itself: entries for new indexes, the end of expired items, and the
// partitions and shards that follow one another. One thread, which sleeps while there is nothing to
// do.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

struct BackgroundOptions {
  // Between two looks for expired items.
  int64_t expiry_sweep_milliseconds = 1000;
};

// Ends its thread when destroyed, before the database may go. Reads and writes go on meanwhile: all
// it changes it changes in the lanes, in small steps.
class Background {
 public:
  Background(ops::Database& database, BackgroundOptions options);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Task {
    std::function<Result<Pause>()> step;
    // Of the next step: at the latest when the catalog changes.
    SteadyTime due = SteadyTime::min();
  };

  void run();
  static void run_if_due(Task& task);
  [[nodiscard]] SteadyTime next_due() const;

  ops::Database& database_;
  std::vector<Task> tasks_;
  catalog::Catalog::ListenerId listener_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;         // guarded by mutex_
  bool catalog_changed_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace millrace::jobs
