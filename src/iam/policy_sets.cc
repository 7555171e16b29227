#include "iam/policy_sets.h"

#include <algorithm>

#include "iam/aws_managed_policies.h"
#include "iam/principals.h"

namespace millrace::iam {
namespace {

using auth::PrincipalType;
using policy::PolicySet;

constexpr const char* kAdministratorArn = "arn:aws:iam::aws:policy/AdministratorAccess";

void add_policies(const Account& account, const Grants& grants,
                  std::vector<policy::PolicyPointer>& policies) {
  for (const auto& [name, document] : grants.inline_policies) policies.push_back(document.policy);
  for (const std::string& arn : grants.attached_policies) {
    if (auto policy = default_policy(account, arn)) policies.push_back(std::move(policy));
  }
}

PolicySet set_of(const Account& account, const Grants& grants) {
  PolicySet set;
  add_policies(account, grants, set.identity);
  if (grants.boundary_arn.empty()) return set;
  set.boundary = default_policy(account, grants.boundary_arn);
  // A boundary that is gone allows nothing, rather than everything.
  static const auto nothing = std::make_shared<const policy::Policy>();
  if (!set.boundary) set.boundary = nothing;
  return set;
}

PolicySet of_issuer(const Account& account, const auth::Principal& principal) {
  switch (principal.type) {
    case PrincipalType::kUser: {
      const UserPointer user = account.find_user(principal.user_name);
      return user && user->id == principal.id ? policy_set_of(account, *user) : PolicySet();
    }
    case PrincipalType::kAssumedRole: {
      const RolePointer role = account.find_role(principal.issuer_name);
      return role && role->id == principal.issuer_id ? policy_set_of(account, *role) : PolicySet();
    }
    case PrincipalType::kFederatedUser: {
      PolicySet set;
      if (principal.issuer_arn == root_arn(account.account_id)) {
        set.identity.push_back(default_policy(account, kAdministratorArn));
        return set;
      }
      const UserPointer user = account.find_user(principal.issuer_name);
      return user && user->id == principal.issuer_id ? policy_set_of(account, *user) : set;
    }
    default:
      return {};
  }
}

}  // namespace

PolicySet policy_set_of(const Account& account, const User& user) {
  PolicySet set = set_of(account, user.grants);
  for (const std::string& name : user.groups) {
    if (const GroupPointer group = account.find_group(name)) {
      add_policies(account, group->grants, set.identity);
    }
  }
  return set;
}

PolicySet policy_set_of(const Account& account, const Role& role) {
  return set_of(account, role.grants);
}

PolicySet policy_set_of(const Account& account, const Group& group) {
  return set_of(account, group.grants);
}

PolicySet policy_set_of(const Account& account, const auth::Principal& principal) {
  if (principal.type == PrincipalType::kRoot || principal.type == PrincipalType::kService) {
    PolicySet set;
    set.unrestricted = true;
    return set;
  }
  PolicySet set = of_issuer(account, principal);
  // A federated user without policies of the session is allowed nothing.
  set.has_session = principal.type == PrincipalType::kFederatedUser ||
                    !principal.session_policies_json.empty() ||
                    !principal.session_policy_arns.empty();
  for (const std::string& json : principal.session_policies_json) {
    auto read = policy::read_policy(json, policy::DocumentKind::kIdentity);
    if (read.ok()) set.session.push_back(*std::move(read));
  }
  for (const std::string& arn : principal.session_policy_arns) {
    if (auto policy = default_policy(account, arn)) set.session.push_back(std::move(policy));
  }
  return set;
}

policy::PolicyPointer default_policy(const Account& account, const std::string& arn) {
  const ManagedPolicyPointer managed = account.find_policy(arn);
  if (!managed) return nullptr;
  const auto version =
      std::ranges::find(managed->versions, managed->default_version, &PolicyVersion::id);
  return version == managed->versions.end() ? nullptr : version->document.policy;
}

}  // namespace millrace::iam
