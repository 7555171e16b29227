#include <algorithm>

#include "json/writer.h"
#include "logs/arn.h"
#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tokens.h"

namespace millrace::logs {
namespace {

constexpr int64_t kPageGroups = 50;

struct GroupsRequest {
  std::string prefix;
  std::string substring;
  std::vector<std::string> names;  // empty: all
  bool has_class = true;           // whether any of ours has the class that is asked for
  std::string from;                // the first name of the page may be this one
  size_t limit = 0;

  [[nodiscard]] bool selects(const Group& group) const {
    return has_class && group.name.find(substring) != std::string::npos &&
           (names.empty() || std::ranges::find(names, group.name) != names.end());
  }
};

Result<GroupsRequest> read_describe_log_groups(const Call& call) {
  TRY(refuse_unsupported(call.input, {"accountIdentifiers"}));
  if (flag_of(call.input, "includeLinkedAccounts")) {
    return invalid_parameter("This version of Millrace has no linked accounts");
  }
  GroupsRequest request;
  request.prefix = string_or_empty(call.input, "logGroupNamePrefix");
  request.substring = string_or_empty(call.input, "logGroupNamePattern");
  if (!request.prefix.empty() && !request.substring.empty()) {
    return invalid_parameter(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  for (const std::string& identifier : strings_of(call.input, "logGroupIdentifiers")) {
    request.names.push_back(TRY(group_name_of_identifier(call.site, identifier)));
  }
  if (!request.names.empty() && !(request.prefix.empty() && request.substring.empty())) {
    return invalid_parameter(
        "logGroupIdentifiers cannot be specified with logGroupNamePrefix or logGroupNamePattern.");
  }
  request.has_class =
      optional_string(call.input, "logGroupClass").value_or("STANDARD") == "STANDARD";
  request.from = request.prefix;
  if (const auto token = optional_string(call.input, "nextToken")) {
    const auto name = read_name_token(*token);
    if (!name) return invalid_next_token();
    request.from = std::max(request.from, *name + '\0');
  }
  request.limit = static_cast<size_t>(optional_integer(call.input, "limit").value_or(kPageGroups));
  return request;
}

void write_group(json::Writer& writer, const catalog::Site& site, const Group& group) {
  const std::string arn = log_group_arn(site, group.name);
  writer.begin_object();
  writer.member("logGroupName", group.name);
  writer.member("creationTime", group.created_milliseconds);
  if (group.retention_days > 0) writer.member("retentionInDays", group.retention_days);
  writer.member("metricFilterCount", 0);
  writer.member("arn", arn + ":*");
  writer.member("storedBytes", static_cast<int64_t>(group.stored_bytes));
  writer.member("logGroupClass", "STANDARD");
  writer.member("logGroupArn", arn);
  writer.end_object();
}

}  // namespace

Result<std::string> describe_log_groups(const Call& call) {
  const GroupsRequest request = TRY(read_describe_log_groups(call));
  std::vector<GroupPointer> page;
  bool more = false;
  call.store.groups().visit(request.from, [&](const GroupPointer& group) {
    if (!group->name.starts_with(request.prefix)) return false;
    if (!request.selects(*group)) return true;
    more = page.size() == request.limit;
    if (!more) page.push_back(group);
    return !more;
  });

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("logGroups");
  writer.begin_array();
  for (const GroupPointer& group : page) write_group(writer, call.site, *group);
  writer.end_array();
  if (more) writer.member("nextToken", name_token(page.back()->name));
  writer.end_object();
  return out;
}

}  // namespace millrace::logs
