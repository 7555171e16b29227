#include "access/condition_keys.h"

#include <array>

#include "access/action_row.h"
#include "access/entity_resources.h"
#include "access/leading_keys.h"
#include "access/letter_case.h"
#include "access/named_attributes.h"
#include "access/request_tags.h"
#include "access/returned_attributes.h"
#include "base/timestamp.h"
#include "functions/function_name.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

using Values = std::optional<std::vector<std::string>>;

Values one(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return std::vector<std::string>{std::string(*value)};
}
Values unless_empty(std::string_view value) {
  return value.empty() ? std::nullopt : one(value);
}
std::string_view truth(bool value) {
  return value ? "true" : "false";
}
std::optional<std::string_view> member_of(const Asked& asked, std::string_view name) {
  return ops::optional_string(asked.inquiry.input(), name);
}

// --- of every service ---

Values current_time(const Asked& asked) {
  const std::string time = iso8601_milliseconds(asked.clock.now_milliseconds());
  return one(time.substr(0, time.find('.')) + "Z");
}
Values epoch_time(const Asked& asked) {
  return one(std::to_string(asked.clock.now_milliseconds() / 1000));
}
Values source_address(const Asked& asked) {
  return unless_empty(asked.circumstances.source_address);
}
Values user_agent(const Asked& asked) {
  return unless_empty(asked.circumstances.user_agent);
}
Values secure_transport(const Asked& asked) {
  return one(truth(asked.circumstances.is_secure));
}
Values requested_region(const Asked& asked) {
  return one(asked.inquiry.site().region);
}
// The fifth field of the resource's ARN.
Values resource_account(const Asked& asked) {
  std::string_view arn = asked.resource;
  for (int field = 0; field < 4; ++field) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return one(asked.inquiry.site().account_id);
    arn.remove_prefix(colon + 1);
  }
  return unless_empty(arn.substr(0, arn.find(':')));
}
// No service asks on somebody's behalf.
Values via_service(const Asked& /*asked*/) {
  return one("false");
}
// Nobody shows a second factor here; of long-lived keys the service has no such key either.
Values second_factor(const Asked& asked) {
  return asked.inquiry.principal().issuer_arn.empty() ? std::nullopt : one("false");
}
Values tag_keys(const Asked& asked) {
  return request_tag_keys(asked.inquiry.input());
}

// --- dynamodb ---

Values leading_keys_of(const Asked& asked) {
  return leading_keys(asked.catalog, asked.part);
}
Values attributes(const Asked& asked) {
  return named_attributes(asked.part);
}
Values select(const Asked& asked) {
  return one(selected_attributes(asked.permission, asked.part));
}
Values return_values(const Asked& asked) {
  return one(returned_values(asked.permission, asked.part));
}
Values return_consumed_capacity(const Asked& asked) {
  if (!asked.part.items && !asked.part.writes) return std::nullopt;
  return one(member_of(asked, "ReturnConsumedCapacity").value_or("NONE"));
}
Values full_table_scan(const Asked& asked) {
  const auto scans = is_full_table_scan(asked.catalog, asked.part);
  return scans ? one(truth(*scans)) : std::nullopt;
}
Values enclosing_operation(const Asked& asked) {
  return unless_empty(asked.part.enclosing_operation);
}

// --- iam, lambda, sts ---

Values passed_to_service(const Asked& asked) {
  return unless_empty(asked.part.passed_to_service);
}
Values policy_arn(const Asked& asked) {
  return asked.permission.starts_with("iam:Attach") || asked.permission.starts_with("iam:Detach")
             ? one(member_of(asked, "PolicyArn"))
             : std::nullopt;
}
// That which the request sets, else that which the user or role has.
Values permissions_boundary(const Asked& asked) {
  if (const auto boundary = member_of(asked, "PermissionsBoundary")) return one(boundary);
  const auto account = asked.part.entity_arn.empty() ? nullptr : asked.inquiry.account();
  return account ? unless_empty(boundary_of(*account, asked.part.entity_arn)) : std::nullopt;
}
Values function_arn(const Asked& asked) {
  if (!asked.permission.ends_with("EventSourceMapping")) return std::nullopt;
  const auto name = member_of(asked, "FunctionName");
  if (!name) return std::nullopt;
  const auto read = functions::read_function_name(asked.inquiry.site(), *name);
  if (!read.ok()) return one(name);
  return one(functions::function_arn(asked.inquiry.site(), read->name, read->qualifier));
}
Values function_principal(const Asked& asked) {
  return asked.permission == "lambda:AddPermission" ? one(member_of(asked, "Principal"))
                                                    : std::nullopt;
}
template <const char* member>
Values sts_member(const Asked& asked) {
  return asked.permission.starts_with("sts:") ? one(member_of(asked, member)) : std::nullopt;
}
constexpr char kExternalId[] = "ExternalId";
constexpr char kRoleSessionName[] = "RoleSessionName";
constexpr char kSourceIdentity[] = "SourceIdentity";

struct Key {
  std::string_view name;
  Values (*values)(const Asked& asked);
};
constexpr auto kKeys = std::to_array<Key>({
    {"dynamodb:LeadingKeys", leading_keys_of},
    {"dynamodb:Attributes", attributes},
    {"dynamodb:Select", select},
    {"dynamodb:ReturnValues", return_values},
    {"dynamodb:ReturnConsumedCapacity", return_consumed_capacity},
    {"dynamodb:FullTableScan", full_table_scan},
    {"dynamodb:EnclosingOperation", enclosing_operation},
    {"aws:CurrentTime", current_time},
    {"aws:EpochTime", epoch_time},
    {"aws:MultiFactorAuthPresent", second_factor},
    {"aws:RequestedRegion", requested_region},
    {"aws:ResourceAccount", resource_account},
    {"aws:SecureTransport", secure_transport},
    {"aws:SourceIp", source_address},
    {"aws:TagKeys", tag_keys},
    {"aws:UserAgent", user_agent},
    {"aws:ViaAWSService", via_service},
    {"iam:PassedToService", passed_to_service},
    {"iam:PermissionsBoundary", permissions_boundary},
    {"iam:PolicyARN", policy_arn},
    {"lambda:FunctionArn", function_arn},
    {"lambda:Principal", function_principal},
    {"sts:ExternalId", sts_member<kExternalId>},
    {"sts:RoleSessionName", sts_member<kRoleSessionName>},
    {"sts:SourceIdentity", sts_member<kSourceIdentity>},
});

// The part of a key behind the slash: "Team" of "aws:RequestTag/Team".
std::optional<std::string_view> tag_name(std::string_view key, std::string_view prefix) {
  if (key.size() <= prefix.size() || !same_but_for_case(key.substr(0, prefix.size()), prefix)) {
    return std::nullopt;
  }
  return key.substr(prefix.size());
}

}  // namespace

Values ConditionKeys::values(std::string_view key) const {
  for (const Key& known : kKeys) {
    if (same_but_for_case(known.name, key)) return known.values(asked_);
  }
  if (const auto tag = tag_name(key, "aws:RequestTag/")) {
    return one(request_tag(asked_.inquiry.input(), *tag));
  }
  for (const std::string_view prefix : {"aws:ResourceTag/", "iam:ResourceTag/"}) {
    if (const auto tag = tag_name(key, prefix)) {
      return one(resource_tag(asked_.catalog, asked_.inquiry, asked_.part, *tag));
    }
  }
  return std::nullopt;
}

}  // namespace millrace::access
