#include <array>

#include "access/action_row.h"
#include "access/arn_text.h"
#include "access/operation_names.h"
#include "access/table_resources.h"
#include "logs/arn.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

// A group is asked for as a stream without a name, which policies for "log-group:NAME:*" match.
Status ask_stream_called(Inquiry& inquiry, std::string_view group, std::string_view stream) {
  ArnText arn(inquiry.site(), "logs");
  arn.add("log-group:").add(group).add(":log-stream:").add(stream);
  return inquiry.ask(arn.view());
}

Status ask_identified(Inquiry& inquiry, std::string_view identifier, std::string_view stream) {
  const auto name = logs::group_name_of_identifier(inquiry.site(), identifier);
  if (name.ok()) return ask_stream_called(inquiry, *name, stream);
  return inquiry.ask(identifier.starts_with("arn:") ? identifier : kAnything);
}

std::string_view identifier_of(const Inquiry& inquiry) {
  const std::string_view name = text_of(inquiry, "logGroupName");
  return name.empty() ? text_of(inquiry, "logGroupIdentifier") : name;
}

Status ask_group(Inquiry& inquiry) {
  return ask_identified(inquiry, identifier_of(inquiry), "");
}

Status ask_log_stream(Inquiry& inquiry) {
  return ask_identified(inquiry, identifier_of(inquiry), text_of(inquiry, "logStreamName"));
}

Status ask_create_group(Inquiry& inquiry) {
  TRY(ask_group(inquiry));
  const auto tags = ops::optional_object(inquiry.input(), "tags");
  if (!tags || tags->size() == 0) return Done{};
  return inquiry.ask_for("logs:TagResource",
                         logs::log_group_arn(inquiry.site(), text_of(inquiry, "logGroupName")), {});
}

Status ask_all_groups(Inquiry& inquiry) {
  return ask_stream_called(inquiry, "", "");
}

Status ask_identified_groups(Inquiry& inquiry) {
  json::Array identifiers;
  const auto member = json::member(inquiry.input(), "logGroupIdentifiers");
  if (!member || member->get(identifiers) != simdjson::SUCCESS) return inquiry.ask(kAnything);
  for (const json::Element element : identifiers) {
    std::string_view identifier;
    if (element.get(identifier) != simdjson::SUCCESS) continue;
    TRY(ask_identified(inquiry, identifier, ""));
  }
  return Done{};
}

// Here alone the ARN stands without ":*" (CloudWatch Logs User Guide, "Overview of managing access
// permissions").
Status ask_tagged(Inquiry& inquiry) {
  const std::string_view arn = text_of(inquiry, "resourceArn");
  const auto name = logs::group_name_of_arn(inquiry.site(), arn);
  if (name.ok()) return inquiry.ask(logs::log_group_arn(inquiry.site(), *name));
  return inquiry.ask(arn.starts_with("arn:") ? arn : kAnything);
}

constexpr auto kRows = std::to_array<Action>({
    row("logs:CreateLogGroup", ask_create_group), row("logs:CreateLogStream", ask_log_stream),
    row("logs:DeleteLogGroup", ask_group),        row("logs:DeleteLogStream", ask_log_stream),
    row("logs:DeleteRetentionPolicy", ask_group), row("logs:DescribeLogGroups", ask_all_groups),
    row("logs:DescribeLogStreams", ask_group),    row("logs:FilterLogEvents", ask_group),
    row("logs:GetLogEvents", ask_log_stream),     row("logs:ListTagsForResource", ask_tagged),
    row("logs:ListTagsLogGroup", ask_group),      row("logs:PutLogEvents", ask_log_stream),
    row("logs:PutRetentionPolicy", ask_group),    row("logs:StartLiveTail", ask_identified_groups),
    row("logs:TagLogGroup", ask_group),           row("logs:TagResource", ask_tagged),
    row("logs:TestMetricFilter", ask_anything),   row("logs:UntagLogGroup", ask_group),
    row("logs:UntagResource", ask_tagged),
});
static_assert(are_rows_of(kRows, kLogsOperations),
              "an operation of the model of logs has no row, or a row no operation");

}  // namespace

std::span<const Action> logs_actions() {
  return kRows;
}

}  // namespace millrace::access
