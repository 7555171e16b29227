// A thread that does its work in rounds, behind everybody else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace millrace::audit {

// Thread-safe.
class DeliveryThread {
 public:
  // `round` returns whether there is more to do at once; else the next comes after the pause. While
  // the machine is busy it rests in between, unless it `is_urgent`.
  DeliveryThread(std::function<bool()> round, std::chrono::milliseconds pause,
                 std::function<bool()> is_urgent)
      : round_(std::move(round)), pause_(pause), is_urgent_(std::move(is_urgent)) {}
  DeliveryThread(const DeliveryThread&) = delete;
  DeliveryThread& operator=(const DeliveryThread&) = delete;
  ~DeliveryThread() { stop(); }

  void start();
  // The next round begins at once.
  void wake();
  // Waits for the round under way.
  void stop();

 private:
  void run();

  const std::function<bool()> round_;
  const std::chrono::milliseconds pause_;
  const std::function<bool()> is_urgent_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_woken_ = false;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace millrace::audit
