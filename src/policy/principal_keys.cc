#include "policy/principal_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/timestamp.h"
#include "policy/letters.h"

namespace millrace::policy {
namespace {

using auth::Principal;
using auth::PrincipalType;
using Values = std::optional<std::vector<std::string>>;

constexpr std::string_view kTagPrefix = "aws:PrincipalTag/";

constexpr auto kNames = std::to_array<std::pair<std::string_view, PrincipalKey>>({
    {"aws:username", PrincipalKey::kUserName},
    {"aws:userid", PrincipalKey::kUserId},
    {"aws:PrincipalArn", PrincipalKey::kPrincipalArn},
    {"aws:PrincipalAccount", PrincipalKey::kPrincipalAccount},
    {"aws:PrincipalType", PrincipalKey::kPrincipalType},
    {"aws:PrincipalIsAWSService", PrincipalKey::kPrincipalIsAwsService},
    {"aws:PrincipalServiceName", PrincipalKey::kPrincipalServiceName},
    {"aws:PrincipalServiceNamesList", PrincipalKey::kPrincipalServiceNamesList},
    {"aws:TokenIssueTime", PrincipalKey::kTokenIssueTime},
});

Values one(std::string_view value) {
  if (value.empty()) return std::nullopt;
  return std::vector<std::string>{std::string(value)};
}

// A session of a role is the role here.
std::string_view arn_of(const Principal& principal) {
  return principal.type == PrincipalType::kAssumedRole ? principal.issuer_arn : principal.arn;
}

std::string_view type_name(PrincipalType type) {
  switch (type) {
    case PrincipalType::kRoot:
      return "Account";
    case PrincipalType::kUser:
      return "User";
    case PrincipalType::kAssumedRole:
      return "AssumedRole";
    case PrincipalType::kFederatedUser:
      return "FederatedUser";
    case PrincipalType::kAnonymous:
    case PrincipalType::kUnknown:
      return "Anonymous";
    case PrincipalType::kService:
      return "";
  }
  return "";
}

Values tag_value(const Principal& principal, std::string_view key) {
  const auto found = std::ranges::find_if(
      principal.tags, [&](const auth::Tag& tag) { return equal_ignoring_case(tag.key, key); });
  if (found == principal.tags.end()) return std::nullopt;
  return std::vector<std::string>{found->value};
}

Values token_issue_time(const Principal& principal) {
  if (principal.session_began_seconds == 0) return std::nullopt;
  return one(iso8601_milliseconds(principal.session_began_seconds * 1000) + "Z");
}

}  // namespace

PrincipalKey principal_key_of(std::string_view name) {
  if (equal_ignoring_case(name.substr(0, kTagPrefix.size()), kTagPrefix)) {
    return PrincipalKey::kPrincipalTag;
  }
  const auto* found = std::ranges::find_if(
      kNames, [&](const auto& row) { return equal_ignoring_case(row.first, name); });
  return found == kNames.end() ? PrincipalKey::kNone : found->second;
}

std::optional<std::vector<std::string>> principal_key_values(const Principal& principal,
                                                             PrincipalKey key,
                                                             std::string_view name) {
  const bool is_service = principal.type == PrincipalType::kService;
  switch (key) {
    case PrincipalKey::kNone:
      return std::nullopt;
    case PrincipalKey::kUserName:
      return one(principal.type == PrincipalType::kUser ? principal.user_name : "");
    case PrincipalKey::kUserId:
      return one(principal.id);
    case PrincipalKey::kPrincipalArn:
      return one(arn_of(principal));
    case PrincipalKey::kPrincipalAccount:
      return one(principal.account_id);
    case PrincipalKey::kPrincipalType:
      return one(type_name(principal.type));
    case PrincipalKey::kPrincipalTag:
      return tag_value(principal, name.substr(kTagPrefix.size()));
    case PrincipalKey::kPrincipalIsAwsService:
      return one(is_service ? "true" : "false");
    case PrincipalKey::kPrincipalServiceName:
    case PrincipalKey::kPrincipalServiceNamesList:
      return one(is_service ? principal.service_name : "");
    case PrincipalKey::kTokenIssueTime:
      return token_issue_time(principal);
  }
  return std::nullopt;
}

}  // namespace millrace::policy
