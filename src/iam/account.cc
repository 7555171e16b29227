#include "iam/account.h"

#include <algorithm>

namespace millrace::iam {
namespace {

std::string lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

template <typename Map>
typename Map::mapped_type find(const Map& entities, const std::string& key) {
  const auto found = entities.find(key);
  return found == entities.end() ? nullptr : found->second;
}

}  // namespace

UserPointer Account::find_user(std::string_view name) const {
  return find(users, lower_case(name));
}
GroupPointer Account::find_group(std::string_view name) const {
  return find(groups, lower_case(name));
}
RolePointer Account::find_role(std::string_view name) const {
  return find(roles, lower_case(name));
}
ManagedPolicyPointer Account::find_policy(const std::string& arn) const {
  return find(policies, arn);
}

}  // namespace millrace::iam
