#include "iam/account.h"

#include <algorithm>

namespace millrace::iam {
namespace {

template <typename Map>
typename Map::mapped_type find(const Map& entities, const std::string& key) {
  const auto found = entities.find(key);
  return found == entities.end() ? nullptr : found->second;
}

}  // namespace

std::string entity_key(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

UserPointer Account::find_user(std::string_view name) const {
  return find(users, entity_key(name));
}
GroupPointer Account::find_group(std::string_view name) const {
  return find(groups, entity_key(name));
}
RolePointer Account::find_role(std::string_view name) const {
  return find(roles, entity_key(name));
}
ManagedPolicyPointer Account::find_policy(const std::string& arn) const {
  return find(policies, arn);
}

}  // namespace millrace::iam
