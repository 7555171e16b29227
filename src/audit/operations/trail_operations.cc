#include "audit/trail_operations.h"

#include <array>

#include "audit/operations/operations.h"

namespace millrace::audit {
namespace {

using Operation = void (*)(const TrailCall& call, api::Reply reply);

// An Operation from a function that has its answer at once.
template <Result<std::string> (*answer)(const TrailCall&)>
// NOLINTNEXTLINE(performance-unnecessary-value-param): every Operation takes its reply over.
void answer_at_once(const TrailCall& call, api::Reply reply) {
  reply(answer(call));
}

struct OperationRow {
  std::string_view name;   // as in X-Amz-Target
  std::string_view input;  // shape of the request, in the API model
  Operation run;
};

constexpr auto kOperations = std::to_array<OperationRow>({
    {"AddTags", "AddTagsRequest", add_tags},
    {"CreateTrail", "CreateTrailRequest", create_trail},
    {"DeleteTrail", "DeleteTrailRequest", delete_trail},
    {"DescribeTrails", "DescribeTrailsRequest", answer_at_once<describe_trails>},
    {"GetEventSelectors", "GetEventSelectorsRequest", answer_at_once<get_event_selectors>},
    {"GetInsightSelectors", "GetInsightSelectorsRequest", answer_at_once<get_insight_selectors>},
    {"GetTrail", "GetTrailRequest", answer_at_once<get_trail>},
    {"GetTrailStatus", "GetTrailStatusRequest", answer_at_once<get_trail_status>},
    {"ListTags", "ListTagsRequest", answer_at_once<list_tags>},
    {"ListTrails", "ListTrailsRequest", answer_at_once<list_trails>},
    {"PutEventSelectors", "PutEventSelectorsRequest", put_event_selectors},
    {"PutInsightSelectors", "PutInsightSelectorsRequest", answer_at_once<put_insight_selectors>},
    {"RemoveTags", "RemoveTagsRequest", remove_tags},
    {"StartLogging", "StartLoggingRequest", start_logging},
    {"StopLogging", "StopLoggingRequest", stop_logging},
    {"UpdateTrail", "UpdateTrailRequest", update_trail},
});

}  // namespace

std::vector<api::JsonOperation> trail_operations(const TrailServices& services) {
  std::vector<api::JsonOperation> operations;
  for (const OperationRow& row : kOperations) {
    operations.push_back({std::string(row.name), std::string(row.input),
                          [services, run = row.run](const api::Request& request, api::Reply reply) {
                            run({services, request.input}, std::move(reply));
                          }});
  }
  return operations;
}

}  // namespace millrace::audit
