// What the deliveries of all trails share.
#pragma once

#include <atomic>

#include "audit/delivery/environment.h"
#include "audit/delivery/trail_buckets.h"

namespace millrace::audit {

struct DeliveryWork {
  const DeliveryEnvironment& environment;
  TrailBuckets& buckets;
  DeliveryCounters& counters;
  // Set from outside: nothing is begun any more, and what fails then is no failure.
  const std::atomic<bool>& stopped;
};

}  // namespace millrace::audit
