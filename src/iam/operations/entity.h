// What users, groups and roles have in common: how requests name them and how they are found.
#pragma once

#include <fmt/format.h>

#include "iam/operations/call.h"
#include "iam/operations/input.h"
#include "iam/operations/quotas.h"

namespace millrace::iam {

template <typename Type>
struct EntityKind;

template <>
struct EntityKind<User> {
  static constexpr std::string_view kMember = "UserName";
  static constexpr std::string_view kNoun = "user";
  static constexpr std::string_view kTitle = "User";
  static constexpr std::string_view kIdPrefix = "AIDA";
  static constexpr size_t kCountMax = 5000;
  static constexpr std::string_view kCountQuota = "UsersPerAccount";
  static constexpr size_t kInlineCharactersMax = 2048;
  static constexpr std::string_view kPoliciesQuota = "PoliciesPerUser";
  template <typename State>
  static auto& all(State& account) {
    return account.users;
  }
};

template <>
struct EntityKind<Group> {
  static constexpr std::string_view kMember = "GroupName";
  static constexpr std::string_view kNoun = "group";
  static constexpr std::string_view kTitle = "Group";
  static constexpr std::string_view kIdPrefix = "AGPA";
  static constexpr size_t kCountMax = 300;
  static constexpr std::string_view kCountQuota = "GroupsPerAccount";
  static constexpr size_t kInlineCharactersMax = 5120;
  static constexpr std::string_view kPoliciesQuota = "PoliciesPerGroup";
  template <typename State>
  static auto& all(State& account) {
    return account.groups;
  }
};

template <>
struct EntityKind<Role> {
  static constexpr std::string_view kMember = "RoleName";
  static constexpr std::string_view kNoun = "role";
  static constexpr std::string_view kTitle = "Role";
  static constexpr std::string_view kIdPrefix = "AROA";
  static constexpr size_t kCountMax = 1000;
  static constexpr std::string_view kCountQuota = "RolesPerAccount";
  static constexpr size_t kInlineCharactersMax = 10240;
  static constexpr std::string_view kPoliciesQuota = "PoliciesPerRole";
  template <typename State>
  static auto& all(State& account) {
    return account.roles;
  }
};

template <typename Type>
[[nodiscard]] Error no_such(std::string_view name) {
  return no_such_entity(
      fmt::format("The {} with name {} cannot be found.", EntityKind<Type>::kNoun, name));
}

[[nodiscard]] inline Error quota_exceeded(std::string_view quota, size_t limit) {
  return limit_exceeded(fmt::format("Cannot exceed quota for {}: {}", quota, limit));
}

template <typename Type>
[[nodiscard]] Result<std::shared_ptr<const Type>> find_entity(const Account& account,
                                                              std::string_view name) {
  const auto& all = EntityKind<Type>::all(account);
  const auto found = all.find(entity_key(name));
  if (found == all.end()) return no_such<Type>(name);
  return found->second;
}

// The user, group or role that the request names.
template <typename Type>
[[nodiscard]] Result<std::shared_ptr<const Type>> entity_of(const Account& account,
                                                            json::Object input) {
  return find_entity<Type>(account, text_of(input, EntityKind<Type>::kMember));
}

// Adds it, or puts it in the place of the one of its name.
template <typename Type>
void put_entity(Account& account, Type entity) {
  std::string key = entity_key(entity.name);
  EntityKind<Type>::all(account)[std::move(key)] = std::make_shared<const Type>(std::move(entity));
}

// Whether one more of that name may be made.
template <typename Type>
[[nodiscard]] Status check_new_name(const Account& account, std::string_view name) {
  const auto& all = EntityKind<Type>::all(account);
  if (all.contains(entity_key(name))) {
    return Error{ErrorCode::kEntityAlreadyExists,
                 fmt::format("{} with name {} already exists.", EntityKind<Type>::kTitle, name)};
  }
  return Done{};
}
template <typename Type>
[[nodiscard]] Status check_count(const Account& account) {
  if (EntityKind<Type>::all(account).size() < EntityKind<Type>::kCountMax) return Done{};
  return quota_exceeded(EntityKind<Type>::kCountQuota, EntityKind<Type>::kCountMax);
}

// Why something that has policies cannot be deleted, in the order in which they are looked for.
[[nodiscard]] inline Status check_no_policies(const Grants& grants) {
  if (!grants.attached_policies.empty()) {
    return delete_conflict("Cannot delete entity, must detach all policies first.");
  }
  if (!grants.inline_policies.empty()) {
    return delete_conflict("Cannot delete entity, must delete policies first.");
  }
  return Done{};
}

}  // namespace millrace::iam
