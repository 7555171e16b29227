#include "catalog/change_queue.h"

#include <atomic>
#include <memory>

namespace millrace::catalog {

ChangeQueue::~ChangeQueue() {
  std::unique_lock lock(mutex_);
  quiet_.wait(lock, [this] { return !changing_; });
}

void ChangeQueue::add(Change change) {
  {
    const std::scoped_lock lock(mutex_);
    pending_.push_back(std::move(change));
    if (changing_) return;
    changing_ = true;
  }
  make_changes();
}

void ChangeQueue::make_changes() {
  while (true) {
    Change next;
    {
      const std::scoped_lock lock(mutex_);
      if (pending_.empty()) {
        changing_ = false;
        // Under the lock: the destructor may return as soon as it is released.
        quiet_.notify_all();
        return;
      }
      next = std::move(pending_.front());
      pending_.pop_front();
    }
    // Whoever comes second, the end of the change or the end of this call, goes on: so that many
    // changes do not nest.
    auto second = std::make_shared<std::atomic_flag>();
    next([this, second] {
      if (second->test_and_set()) make_changes();
    });
    if (!second->test_and_set()) return;
  }
}

}  // namespace millrace::catalog
