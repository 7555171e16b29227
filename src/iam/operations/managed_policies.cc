#include <algorithm>

#include <fmt/format.h>

#include "iam/identifiers.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/input.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"
#include "iam/operations/quotas.h"
#include "iam/operations/tag_change.h"

namespace millrace::iam {
namespace {

// Whether there may be one more of that name.
Status check_new_policy(const Account& account, std::string_view name) {
  size_t own = 0;
  const std::string key = entity_key(name);
  for (const auto& [arn, policy] : account.policies) {
    if (is_aws_managed(arn)) continue;
    ++own;
    if (entity_key(policy->name) == key) {
      return Error{
          ErrorCode::kEntityAlreadyExists,
          fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name)};
    }
  }
  if (own < kPoliciesMax) return Done{};
  return limit_exceeded(
      fmt::format("Cannot exceed quota for PoliciesPerAccount: {}", kPoliciesMax));
}

// What ListPolicies is asked for.
struct Filter {
  std::string scope;
  std::string path_prefix;
  std::string usage;
  bool only_attached;

  [[nodiscard]] bool takes(const ManagedPolicy& policy, const PolicyUsage& used) const {
    if (scope == "AWS" && !is_aws_managed(policy.arn)) return false;
    if (scope == "Local" && is_aws_managed(policy.arn)) return false;
    if (!policy.path.starts_with(path_prefix)) return false;
    if (usage == "PermissionsBoundary") return used.boundaries > 0;
    if (usage == "PermissionsPolicy") return used.attachments > 0;
    return !only_attached || used.attachments > 0 || used.boundaries > 0;
  }
};

std::string answer_policy(const ManagedPolicy& policy, const PolicyUsage& usage) {
  return answer_object(
      "Policy", [&](json::Writer& writer) { write_policy(writer, policy, usage, Detail::kWhole); });
}

}  // namespace

Answer create_policy(Account& account, const Call& call) {
  ManagedPolicy policy;
  policy.name = text_of(call.input, "PolicyName");
  if (auto status = check_new_policy(account, policy.name); !status) return status.error();
  policy.versions.push_back(TRY(version_of(call, "v1")));
  policy.tags = TRY(with_tags({}, call.input));
  policy.default_version = "v1";
  policy.description = text_of(call.input, "Description");
  policy.path = optional_text(call.input, "Path").value_or("/");
  policy.id = make_entity_id("ANPA", call.secrets);
  policy.arn = entity_arn(account.account_id, "policy", policy.path, policy.name);
  policy.created_seconds = call.now_seconds;
  policy.updated_seconds = call.now_seconds;
  std::string answer = answer_policy(policy, {});
  put_policy(account, std::move(policy));
  return answer;
}

Answer get_policy(const Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(policy_of(account, call.input));
  return answer_policy(*policy, usage_of(policy_usages(account), policy->arn));
}

Answer list_policies(const Account& account, const Call& call) {
  const Filter filter{text_of(call.input, "Scope"), text_of(call.input, "PathPrefix"),
                      text_of(call.input, "PolicyUsageFilter"),
                      flag_of(call.input, "OnlyAttached")};
  const PolicyUsages usages = policy_usages(account);
  std::vector<Keyed<ManagedPolicyPointer>> policies;
  for (const auto& [arn, policy] : account.policies) {
    if (filter.takes(*policy, usage_of(usages, arn))) {
      policies.emplace_back(policy_key(*policy), policy);
    }
  }
  sort_by_key(policies);
  return answer_page(call.input, "Policies", policies,
                     [&](json::Writer& writer, const ManagedPolicyPointer& policy) {
                       writer.begin_object();
                       write_policy(writer, *policy, usage_of(usages, policy->arn),
                                    Detail::kListed);
                       writer.end_object();
                     });
}

Answer delete_policy(Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(changeable_policy_of(account, call, "iam:DeletePolicy"));
  const PolicyUsage usage = usage_of(policy_usages(account), policy->arn);
  if (usage.attachments > 0 || usage.boundaries > 0) {
    return delete_conflict("Cannot delete a policy attached to entities.");
  }
  if (policy->versions.size() > 1) {
    return delete_conflict(
        "This policy has more than one version. Before you delete a policy, you must delete the "
        "policy's versions. The default version is deleted with the policy.");
  }
  account.policies.erase(policy->arn);
  return std::string();
}

}  // namespace millrace::iam
