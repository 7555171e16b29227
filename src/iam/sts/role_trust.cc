#include "iam/sts/role_trust.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/timestamp.h"

namespace millrace::iam::sts {
namespace {

constexpr std::string_view kAssumeRole = "sts:AssumeRole";
constexpr std::string_view kTagSession = "sts:TagSession";
constexpr std::string_view kRequestTag = "aws:requesttag/";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

bool may(const Role& role, std::string_view action, const auth::Principal& caller,
         const policy::PolicySet& callers_policies, const RoleSessionContext& context) {
  return policy::decide_trust(callers_policies, *role.trust.policy,
                              {action, role.arn, caller, context})
      .allowed();
}

}  // namespace

std::optional<std::vector<std::string>> RoleSessionContext::values(std::string_view key) const {
  using Values = std::vector<std::string>;
  const std::string name = lower_case(key);
  if (name == "sts:externalid") {
    return external_id ? std::optional(Values{*external_id}) : std::nullopt;
  }
  if (name == "sts:rolesessionname") return Values{role_session_name};
  if (name == "aws:currenttime") {
    return Values{iso8601_milliseconds(now_seconds * 1000).substr(0, 19) + "Z"};
  }
  if (name == "aws:epochtime") return Values{std::to_string(now_seconds)};
  if (name == "aws:tagkeys") {
    if (tags.empty()) return std::nullopt;
    Values keys;
    for (const auto& [tag, value] : tags) keys.push_back(tag);
    return keys;
  }
  if (!name.starts_with(kRequestTag)) return std::nullopt;
  for (const auto& [tag, value] : tags) {
    if (lower_case(tag) == std::string_view(name).substr(kRequestTag.size())) return Values{value};
  }
  return std::nullopt;
}

Status check_may_assume(const Role& role, const auth::Principal& caller,
                        const policy::PolicySet& callers_policies,
                        const RoleSessionContext& context) {
  if (!may(role, kAssumeRole, caller, callers_policies, context)) {
    return may_not_assume(caller, kAssumeRole, role.arn);
  }
  if (!context.tags.empty() && !may(role, kTagSession, caller, callers_policies, context)) {
    return may_not_assume(caller, kTagSession, role.arn);
  }
  return Done{};
}

bool trusts_service(const Role& role, std::string service_name, const RoleSessionContext& context) {
  const auto service = auth::service_principal(std::move(service_name));
  return policy::decide_trust(*role.trust.policy, {kAssumeRole, role.arn, *service, context})
      .allowed();
}

Error may_not_assume(const auth::Principal& caller, std::string_view action,
                     std::string_view role_arn) {
  return {ErrorCode::kAccessDeniedException,
          fmt::format("User: {} is not authorized to perform: {} on resource: {}", caller.arn,
                      action, role_arn)};
}

}  // namespace millrace::iam::sts
