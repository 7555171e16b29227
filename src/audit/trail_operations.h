// The operations of the CloudTrail API on trails and on tags.
#pragma once

#include <vector>

#include "api/service.h"
#include "audit/tagged_event_data_stores.h"
#include "audit/trail.h"
#include "audit/trail_delivery.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/arn.h"

namespace millrace::audit {

// All must outlive the operations, and the requests that they have begun.
struct TrailServices {
  TrailStore& store;
  TrailDelivery& delivery;
  const catalog::Site& site;
  const Clock& clock;
  Random& random;
  TaggedEventDataStores* event_data_stores;  // nullptr: there are none
};

[[nodiscard]] std::vector<api::JsonOperation> trail_operations(const TrailServices& services);

}  // namespace millrace::audit
