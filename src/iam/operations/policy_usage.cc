#include "iam/operations/policy_usage.h"

namespace millrace::iam {
namespace {

template <typename Entities>
void count(PolicyUsages& usages, const Entities& entities) {
  for (const auto& [key, entity] : entities) {
    for (const std::string& arn : entity->grants.attached_policies) ++usages[arn].attachments;
    const std::string& boundary = entity->grants.boundary_arn;
    if (!boundary.empty()) ++usages[boundary].boundaries;
  }
}

}  // namespace

PolicyUsages policy_usages(const Account& account) {
  PolicyUsages usages;
  count(usages, account.users);
  count(usages, account.groups);
  count(usages, account.roles);
  return usages;
}

PolicyUsage usage_of(const PolicyUsages& usages, std::string_view arn) {
  const auto found = usages.find(arn);
  return found == usages.end() ? PolicyUsage{} : found->second;
}

}  // namespace millrace::iam
