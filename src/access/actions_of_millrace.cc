#include <array>

#include "access/action_row.h"
#include "access/mapping_resource.h"
#include "access/operation_names.h"
#include "access/table_resources.h"
#include "access/trail_resources.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

Status ask_mapping(Inquiry& inquiry) {
  return inquiry.ask(mapping_resource(inquiry.site(), text_of(inquiry, "UUID")));
}

Status ask_trail(Inquiry& inquiry) {
  return inquiry.ask(trail_resource(inquiry.site(), text_of(inquiry, "TrailARN")));
}

// Clients sign all of them as requests to DynamoDB.
constexpr Action own(std::string_view operation, std::string_view permission, Ask ask) {
  return {operation, "dynamodb", permission, ask};
}

constexpr auto kRows = std::to_array<Action>({
    own("DescribeStreamStatistics", "dynamodb:DescribeStreamStatistics", ask_stream),
    own("DescribeTrailBucket", "cloudtrail:DescribeTrailBucket", ask_trail),
    own("DescribeTriggerStatistics", "lambda:DescribeTriggerStatistics", ask_mapping),
    own("FindItemEvents", "cloudtrail:FindItemEvents", ask_items),
    own("GetStreamRecords", "dynamodb:GetRecords", ask_stream_of_iterator),
    own("ReplayEventSourceMapping", "lambda:ReplayEventSourceMapping", ask_mapping),
    own("RotateTrailKey", "cloudtrail:RotateTrailKey", ask_anything),
    own("SplitTable", "dynamodb:SplitTable", ask_table),
});
static_assert(are_rows_of(kRows, kMillraceOperations),
              "an operation of the model of millrace has no row, or a row no operation");

}  // namespace

std::span<const Action> millrace_actions() {
  return kRows;
}

}  // namespace millrace::access
