#include "audit/delivery/delivery_thread.h"

#include <algorithm>

#include "audit/background_thread.h"

namespace millrace::audit {
void DeliveryThread::start() {
  thread_ = std::thread([this] { run(); });
}

void DeliveryThread::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  woken_.notify_one();
}

void DeliveryThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void DeliveryThread::run() {
  enter_background("delivery");
  Pace pace;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    is_woken_ = false;
    lock.unlock();
    const bool more = round_();
    const std::chrono::nanoseconds rest =
        more && is_urgent_() ? std::chrono::nanoseconds(0) : pace.rest_due();
    lock.lock();
    const std::chrono::nanoseconds pause =
        more ? rest : std::max<std::chrono::nanoseconds>(pause_, rest);
    woken_.wait_for(lock, pause, [this] { return stopping_ || is_woken_; });
  }
}

}  // namespace millrace::audit
