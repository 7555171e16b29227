// What the operations on Insights are asked about. This server has no Insights: trails have none of
// their selectors.
#pragma once

#include "audit/operations/trail_call.h"

namespace millrace::audit {

// The trail. InvalidParameterCombinationException unless that is what the request is about;
// UnsupportedOperationException for an event data store.
[[nodiscard]] Result<TrailPointer> trail_of_insights(const TrailCall& call);

}  // namespace millrace::audit
