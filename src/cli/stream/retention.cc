#include "cli/stream/retention.h"

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/stream/statistics.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

struct TableArns {
  std::string table;
  std::optional<std::string> stream;
};

Result<TableArns> find_arns(ServiceClient& client, const std::string& table) {
  Call call{"DescribeTable", ""};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("TableName", table);
  writer.end_object();
  const auto answer = TRY(client.call(call));
  const auto description = find_object(root_of(answer), "Table");
  if (!description) {
    return Error{ErrorCode::kServiceUnavailableException, "DescribeTable: the answer has no Table"};
  }
  return TableArns{text_of(*description, "TableArn"), find_text(*description, "LatestStreamArn")};
}

Result<std::optional<std::string>> find_tag(ServiceClient& client, const std::string& arn) {
  std::optional<std::string> next;
  do {
    Call call{"ListTagsOfResource", ""};
    json::Writer writer(call.body);
    writer.begin_object();
    writer.member("ResourceArn", arn);
    if (next) writer.member("NextToken", *next);
    writer.end_object();
    const auto answer = TRY(client.call(call));
    for (const json::Object tag : objects_of(root_of(answer), "Tags")) {
      if (text_of(tag, "Key") == kRetentionTag) return find_text(tag, "Value");
    }
    next = find_text(root_of(answer), "NextToken");
  } while (next);
  return std::optional<std::string>();
}

std::string counted(int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

}  // namespace

std::string format_retention(int64_t seconds) {
  return seconds % 3600 == 0 ? counted(seconds / 3600, "hour") : counted(seconds, "second");
}

Result<std::string> retention_text(ServiceClient& client, const std::string& table) {
  const TableArns arns = TRY(find_arns(client, table));
  if (const auto hours = TRY(find_tag(client, arns.table))) {
    return fmt::format("{} {} (tag {})\n", *hours, *hours == "1" ? "hour" : "hours", kRetentionTag);
  }
  if (!arns.stream) return std::string("the server's default\n");
  const auto statistics = TRY(describe_stream_statistics(client, *arns.stream));
  const auto seconds = find_integer(root_of(statistics), "RetentionSeconds");
  return format_retention(seconds.value_or(0)) + " (the server's default)\n";
}

Status set_retention_hours(ServiceClient& client, const std::string& table, int64_t hours) {
  const TableArns arns = TRY(find_arns(client, table));
  Call call{"TagResource", ""};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("ResourceArn", arns.table);
  writer.key("Tags");
  writer.begin_array();
  writer.begin_object();
  writer.member("Key", kRetentionTag);
  writer.member("Value", std::to_string(hours));
  writer.end_object();
  writer.end_array();
  writer.end_object();
  TRY(client.call(call));
  return Done{};
}

}  // namespace millrace::cli::stream
