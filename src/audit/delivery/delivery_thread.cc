#include "audit/delivery/delivery_thread.h"

#include <unistd.h>

#include <sys/resource.h>

namespace millrace::audit {
namespace {

constexpr int kNice = 10;

}  // namespace

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
  // Of this thread alone; where that is refused it works like the others.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    is_woken_ = false;
    lock.unlock();
    const bool more = round_();
    lock.lock();
    if (!more) woken_.wait_for(lock, pause_, [this] { return stopping_ || is_woken_; });
  }
}

}  // namespace millrace::audit
