#include "audit/operations/insight_request.h"

namespace millrace::audit {

Result<TrailPointer> trail_of_insights(const TrailCall& call) {
  const bool store = text_of(call, "EventDataStore") || text_of(call, "InsightsDestination");
  const bool trail = text_of(call, "TrailName").has_value();
  if (store == trail) {
    return Error{ErrorCode::kInvalidParameterCombinationException,
                 "Specify either TrailName or EventDataStore."};
  }
  if (store) {
    return Error{ErrorCode::kUnsupportedOperationException,
                 "Insights of event data stores are not supported by this version of Millrace."};
  }
  return find_trail(call, "TrailName");
}

}  // namespace millrace::audit
