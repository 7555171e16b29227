#include "iam/operations/policy_reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "iam/operations/input.h"
#include "iam/operations/quotas.h"

namespace millrace::iam {
namespace {

Status check_arn(std::string_view arn) {
  if (arn.starts_with("arn:")) return Done{};
  return invalid_input(fmt::format("ARN {} is not valid.", arn));
}

}  // namespace

bool is_aws_managed(std::string_view arn) {
  return arn.starts_with("arn:aws:iam::aws:policy/");
}

Result<ManagedPolicyPointer> policy_of(const Account& account, json::Object input) {
  const std::string arn = text_of(input, "PolicyArn");
  if (auto status = check_arn(arn); !status) return std::move(status).error();
  auto policy = account.find_policy(arn);
  if (policy == nullptr) return no_such_entity(fmt::format("Policy {} was not found.", arn));
  return policy;
}

Result<ManagedPolicyPointer> changeable_policy_of(const Account& account, const Call& call,
                                                  std::string_view action) {
  const std::string arn = text_of(call.input, "PolicyArn");
  if (is_aws_managed(arn)) {
    return Error{ErrorCode::kAccessDeniedException,
                 fmt::format("User: {} is not authorized to perform: {} on resource: policy {}",
                             call.caller.arn, action, arn)};
  }
  return policy_of(account, call.input);
}

Result<ManagedPolicyPointer> attachable_policy_of(const Account& account, json::Object input) {
  const std::string arn = text_of(input, "PolicyArn");
  if (auto status = check_arn(arn); !status) return std::move(status).error();
  auto policy = account.find_policy(arn);
  if (policy == nullptr) {
    return no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn));
  }
  return policy;
}

Result<std::string> boundary_of(const Account& account, json::Object input) {
  auto arn = optional_text(input, "PermissionsBoundary");
  if (!arn) return std::string();
  if (auto status = check_arn(*arn); !status) return std::move(status).error();
  if (account.find_policy(*arn) == nullptr) {
    return no_such_entity(fmt::format("Scope ARN: {} does not exist or is not attachable.", *arn));
  }
  return std::move(*arn);
}

Result<PolicyVersion> version_of(const Call& call, std::string id) {
  PolicyVersion version;
  version.id = std::move(id);
  version.created_seconds = call.now_seconds;
  version.document.json = text_of(call.input, "PolicyDocument");
  if (counted_characters(version.document.json) > kPolicyCharactersMax) {
    return limit_exceeded(
        fmt::format("Cannot exceed quota for PolicySize: {}", kPolicyCharactersMax));
  }
  version.document.policy =
      TRY(policy::read_policy(version.document.json, policy::DocumentKind::kIdentity));
  return version;
}

void put_policy(Account& account, ManagedPolicy policy) {
  std::string arn = policy.arn;
  account.policies[std::move(arn)] = std::make_shared<const ManagedPolicy>(std::move(policy));
}

const PolicyVersion* find_version(const ManagedPolicy& policy, std::string_view id) {
  const auto found = std::ranges::find(policy.versions, id, &PolicyVersion::id);
  return found == policy.versions.end() ? nullptr : &*found;
}

std::string policy_key(const ManagedPolicy& policy) {
  // Names are unique among the account's own, and among those that come with the server.
  return entity_key(policy.name) + (is_aws_managed(policy.arn) ? " aws" : "");
}

size_t counted_characters(std::string_view json) {
  return static_cast<size_t>(std::ranges::count_if(json, [](char c) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    return !continues && c != ' ' && c != '\t' && c != '\n' && c != '\r';
  }));
}

}  // namespace millrace::iam
