#include "audit/operations/insight_request.h"
#include "audit/operations/operations.h"
#include "json/writer.h"

namespace millrace::audit {

// An empty list turns Insights off, which they are.
Result<std::string> put_insight_selectors(const TrailCall& call) {
  const TrailPointer trail = TRY(trail_of_insights(call));
  const auto selectors = array_of(call, "InsightSelectors");
  if (selectors && selectors->begin() != selectors->end()) {
    return Error{ErrorCode::kUnsupportedOperationException,
                 "Insights are not supported by this version of Millrace."};
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("TrailARN", trail->arn);
  writer.key("InsightSelectors");
  writer.begin_array();
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
