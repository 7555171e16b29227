#include "triggers/delivery_thread.h"

#include <utility>

namespace millrace::triggers {
namespace {

Error not_delivered(const char* why) {
  return {ErrorCode::kServiceException, why};
}

}  // namespace

void DeliveryThread::run(size_t bytes, std::function<Status()> work,
                         std::function<void(Status)> done) {
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    return done(not_delivered("the server stops"));
  }
  if (!waiting_.empty() && waiting_bytes_ + bytes > waiting_bytes_max_) {
    lock.unlock();
    return done(not_delivered("too much waits for delivery"));
  }
  waiting_.push_back({bytes, std::move(work), std::move(done)});
  waiting_bytes_ += bytes;
  if (!thread_.joinable()) thread_ = std::thread([this] { deliver(); });
  changed_.notify_one();
}

void DeliveryThread::deliver() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Delivery delivery = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= delivery.bytes;
    lock.unlock();
    delivery.done(delivery.work());
    lock.lock();
  }
}

void DeliveryThread::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_one();
  const std::deque<Delivery> given_up = std::exchange(waiting_, {});
  std::thread thread = std::move(thread_);
  lock.unlock();
  if (thread.joinable()) thread.join();
  for (const Delivery& delivery : given_up) delivery.done(not_delivered("the server stops"));
}

}  // namespace millrace::triggers
