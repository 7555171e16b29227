#include <fmt/format.h>

#include "audit/operations/insight_request.h"
#include "audit/operations/operations.h"

namespace millrace::audit {

Result<std::string> get_insight_selectors(const TrailCall& call) {
  const TrailPointer trail = TRY(trail_of_insights(call));
  return Error{ErrorCode::kInsightNotEnabledException,
               fmt::format("Insights are not enabled on the trail {}.", trail->arn)};
}

}  // namespace millrace::audit
