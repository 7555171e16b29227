// How the deliveries of each trail stand, for those who ask.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "audit/trail_delivery.h"

namespace millrace::audit {

// Thread-safe.
class DeliveryStatuses {
 public:
  using Change = std::function<void(DeliveryStatus& status)>;
  void change(SinkId trail, const Change& change) {
    const std::lock_guard lock(mutex_);
    change(statuses_[trail]);
  }
  void erase(SinkId trail) {
    const std::lock_guard lock(mutex_);
    statuses_.erase(trail);
  }
  [[nodiscard]] DeliveryStatus find(SinkId trail) const {
    const std::lock_guard lock(mutex_);
    const auto found = statuses_.find(trail);
    return found == statuses_.end() ? DeliveryStatus() : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<SinkId, DeliveryStatus> statuses_;  // guarded by mutex_
};

}  // namespace millrace::audit
