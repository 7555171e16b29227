#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/policy_reference.h"
#include "json/writer.h"

namespace millrace::iam {
namespace {

class Summary {
 public:
  explicit Summary(json::Writer& writer) : writer_(writer) {}

  void add(std::string_view key, size_t value) {
    writer_.begin_object();
    writer_.member("key", key);
    writer_.member("value", static_cast<int64_t>(value));
    writer_.end_object();
  }

 private:
  json::Writer& writer_;
};

void add_policies(Summary& summary, const Account& account) {
  size_t policies = 0;
  size_t versions = 0;
  for (const auto& [arn, policy] : account.policies) {
    if (is_aws_managed(arn)) continue;
    ++policies;
    versions += policy->versions.size();
  }
  summary.add("Policies", policies);
  summary.add("PolicyVersionsInUse", versions);
}

}  // namespace

Answer get_account_summary(const Account& account, const Call& /*call*/) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("SummaryMap");
  writer.begin_object();
  writer.key("entry");
  writer.begin_array();
  Summary summary(writer);
  summary.add("Users", account.users.size());
  summary.add("Groups", account.groups.size());
  summary.add("Roles", account.roles.size());
  add_policies(summary, account);
  summary.add("AccountAccessKeysPresent", account.root_key ? 1 : 0);
  summary.add("UsersQuota", EntityKind<User>::kCountMax);
  summary.add("GroupsQuota", EntityKind<Group>::kCountMax);
  summary.add("RolesQuota", EntityKind<Role>::kCountMax);
  summary.add("PoliciesQuota", kPoliciesMax);
  summary.add("GroupsPerUserQuota", kGroupsPerUserMax);
  summary.add("AccessKeysPerUserQuota", kKeysPerUserMax);
  summary.add("AttachedPoliciesPerUserQuota", kAttachedPoliciesMax);
  summary.add("AttachedPoliciesPerGroupQuota", kAttachedPoliciesMax);
  summary.add("AttachedPoliciesPerRoleQuota", kAttachedPoliciesMax);
  summary.add("UserPolicySizeQuota", EntityKind<User>::kInlineCharactersMax);
  summary.add("GroupPolicySizeQuota", EntityKind<Group>::kInlineCharactersMax);
  summary.add("RolePolicySizeQuota", EntityKind<Role>::kInlineCharactersMax);
  summary.add("AssumeRolePolicySizeQuota", kTrustCharactersMax);
  summary.add("PolicySizeQuota", kPolicyCharactersMax);
  summary.add("VersionsPerPolicyQuota", kVersionsMax);
  writer.end_array();
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
