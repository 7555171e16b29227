// Work that may block, done one after the other on a thread of its own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"

namespace millrace::triggers {

// Thread-safe. The thread begins with the first work. The destructor waits for the work under way;
// what still waits is given up.
class DeliveryThread {
 public:
  explicit DeliveryThread(size_t waiting_bytes_max) : waiting_bytes_max_(waiting_bytes_max) {}
  DeliveryThread(const DeliveryThread&) = delete;
  DeliveryThread& operator=(const DeliveryThread&) = delete;
  ~DeliveryThread() { stop(); }

  // Calls `done` once with what `work` returned; or with ServiceException, when more waits than may
  // or the thread stops, without calling `work`. One work may wait whatever its size.
  void run(size_t bytes, std::function<Status()> work, std::function<void(Status)> done);
  void stop();

 private:
  struct Delivery {
    size_t bytes = 0;
    std::function<Status()> work;
    std::function<void(Status)> done;
  };

  void deliver();

  const size_t waiting_bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Delivery> waiting_;  // guarded by mutex_
  size_t waiting_bytes_ = 0;      // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
  std::thread thread_;            // guarded by mutex_
};

}  // namespace millrace::triggers
