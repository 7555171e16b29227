#include "iam/operations/policy_sources.h"

#include "iam/operations/entity.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {
namespace {

// So that no simulation takes long.
constexpr size_t kInputCharactersMax = 131'072;

PolicyDocument default_document(const ManagedPolicy& policy) {
  const PolicyVersion* version = find_version(policy, policy.default_version);
  return version == nullptr ? PolicyDocument{} : version->document;
}

template <typename Type>
void add_grants(std::vector<PolicySource>& sources, const Account& account, const Type& entity) {
  for (const auto& [name, document] : entity.grants.inline_policies) {
    sources.push_back(
        {fmt::format("{}_{}_{}", EntityKind<Type>::kNoun, entity.name, name), document});
  }
  for (const std::string& arn : entity.grants.attached_policies) {
    const ManagedPolicyPointer policy = account.find_policy(arn);
    if (policy != nullptr) sources.push_back({policy->name, default_document(*policy)});
  }
}

template <typename Type>
Result<PrincipalPolicies> policies_of_entity(const Account& account, const std::string& arn) {
  const auto entity = TRY(find_entity<Type>(account, arn.substr(arn.rfind('/') + 1)));
  if (entity->arn != arn) return no_such<Type>(entity->name);
  PrincipalPolicies policies;
  add_grants(policies.sources, account, *entity);
  if (const auto boundary = account.find_policy(entity->grants.boundary_arn)) {
    policies.boundary = default_document(*boundary);
  }
  if constexpr (std::is_same_v<Type, User>) {
    for (const std::string& key : entity->groups) {
      if (const auto group = account.find_group(key)) {
        add_grants(policies.sources, account, *group);
      }
    }
    policies.user = entity;
  }
  return policies;
}

}  // namespace

Result<PrincipalPolicies> policies_of_arn(const Account& account, const std::string& arn) {
  const std::string prefix = fmt::format("arn:aws:iam::{}:", account.account_id);
  if (arn.starts_with(prefix + "user/")) return policies_of_entity<User>(account, arn);
  if (arn.starts_with(prefix + "group/")) return policies_of_entity<Group>(account, arn);
  if (arn.starts_with(prefix + "role/")) return policies_of_entity<Role>(account, arn);
  return invalid_input(
      fmt::format("Invalid Entity Arn: {} does not clearly define entity type and name.", arn));
}

Result<std::vector<PolicySource>> policy_inputs(json::Object input, std::string_view list,
                                                policy::DocumentKind kind, size_t& characters) {
  std::vector<PolicySource> sources;
  for (std::string& json : texts_of(input, list)) {
    characters += json.size();
    if (characters > kInputCharactersMax) {
      return invalid_input(
          fmt::format("The policies of a request may not be larger than {} characters in sum.",
                      kInputCharactersMax));
    }
    PolicySource source;
    source.id = fmt::format("{}.{}", list, sources.size() + 1);
    source.document.policy = TRY(policy::read_policy(json, kind));
    source.document.json = std::move(json);
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace millrace::iam
