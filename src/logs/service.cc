#include "logs/service.h"

#include <array>

#include "logs/operations.h"

namespace millrace::logs {
namespace {

// An Operation from a function that has its answer at once.
template <Result<std::string> (*answer)(const Call&)>
// NOLINTNEXTLINE(performance-unnecessary-value-param): every Operation takes its reply over.
void answer_at_once(const Call& call, Reply reply) {
  reply(answer(call));
}

struct OperationRow {
  std::string_view name;   // as in X-Amz-Target
  std::string_view input;  // shape of the request, in the API model
  Operation run;
};

constexpr auto kOperations = std::to_array<OperationRow>({
    {"CreateLogGroup", "CreateLogGroupRequest", create_log_group},
    {"CreateLogStream", "CreateLogStreamRequest", create_log_stream},
    {"DeleteLogGroup", "DeleteLogGroupRequest", delete_log_group},
    {"DeleteLogStream", "DeleteLogStreamRequest", delete_log_stream},
    {"DeleteRetentionPolicy", "DeleteRetentionPolicyRequest", delete_retention_policy},
    {"DescribeLogGroups", "DescribeLogGroupsRequest", answer_at_once<describe_log_groups>},
    {"DescribeLogStreams", "DescribeLogStreamsRequest", answer_at_once<describe_log_streams>},
    {"FilterLogEvents", "FilterLogEventsRequest", answer_at_once<filter_log_events>},
    {"GetLogEvents", "GetLogEventsRequest", answer_at_once<get_log_events>},
    {"ListTagsForResource", "ListTagsForResourceRequest", answer_at_once<list_tags_for_resource>},
    {"ListTagsLogGroup", "ListTagsLogGroupRequest", answer_at_once<list_tags_log_group>},
    {"PutLogEvents", "PutLogEventsRequest", put_log_events},
    {"PutRetentionPolicy", "PutRetentionPolicyRequest", put_retention_policy},
    {"TagLogGroup", "TagLogGroupRequest", tag_log_group},
    {"TagResource", "TagResourceRequest", tag_resource},
    {"TestMetricFilter", "TestMetricFilterRequest", answer_at_once<test_metric_filter>},
    {"UntagLogGroup", "UntagLogGroupRequest", untag_log_group},
    {"UntagResource", "UntagResourceRequest", untag_resource},
});

}  // namespace

api::JsonService logs_service(LogStore& store, const catalog::Site& site) {
  api::JsonService service;
  service.target_prefix = "Logs_20140328";
  service.model = "logs";
  service.plain_error_types = true;
  service.constraint_error = ErrorCode::kInvalidParameterException;
  for (const OperationRow& row : kOperations) {
    service.operations.push_back(
        {std::string(row.name), std::string(row.input),
         [&store, site, run = row.run](const api::Request& request, Reply reply) {
           run({store, site, request.input}, std::move(reply));
         }});
  }
  return service;
}

}  // namespace millrace::logs
