#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {

template <typename Type>
Answer attach_policy(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  const ManagedPolicyPointer policy = TRY(attachable_policy_of(account, call.input));
  entity.grants.attached_policies.insert(policy->arn);
  if (entity.grants.attached_policies.size() > kAttachedPoliciesMax) {
    return quota_exceeded(EntityKind<Type>::kPoliciesQuota, kAttachedPoliciesMax);
  }
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer detach_policy(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  const std::string arn = text_of(call.input, "PolicyArn");
  if (entity.grants.attached_policies.erase(arn) == 0) {
    return no_such_entity(fmt::format("Policy {} was not found.", arn));
  }
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer list_attached_policies(const Account& account, const Call& call) {
  const auto entity = TRY(entity_of<Type>(account, call.input));
  const std::string prefix = text_of(call.input, "PathPrefix");
  std::vector<Keyed<ManagedPolicyPointer>> policies;
  for (const std::string& arn : entity->grants.attached_policies) {
    auto policy = account.find_policy(arn);
    if (policy == nullptr || !policy->path.starts_with(prefix)) continue;
    policies.emplace_back(policy_key(*policy), std::move(policy));
  }
  sort_by_key(policies);
  return answer_page(call.input, "AttachedPolicies", policies,
                     [](json::Writer& writer, const ManagedPolicyPointer& policy) {
                       writer.begin_object();
                       writer.member("PolicyName", policy->name);
                       writer.member("PolicyArn", policy->arn);
                       writer.end_object();
                     });
}

template Answer attach_policy<User>(Account& account, const Call& call);
template Answer attach_policy<Group>(Account& account, const Call& call);
template Answer attach_policy<Role>(Account& account, const Call& call);
template Answer detach_policy<User>(Account& account, const Call& call);
template Answer detach_policy<Group>(Account& account, const Call& call);
template Answer detach_policy<Role>(Account& account, const Call& call);
template Answer list_attached_policies<User>(const Account& account, const Call& call);
template Answer list_attached_policies<Group>(const Account& account, const Call& call);
template Answer list_attached_policies<Role>(const Account& account, const Call& call);

}  // namespace millrace::iam
