#include "iam/certified_users.h"

#include <mutex>

#include "iam/principals.h"

namespace millrace::iam {

auth::PrincipalPointer CertifiedUsers::find_user(std::string_view user_name) const {
  const AccountPointer account = store_.account();
  const UserPointer user = account->find_user(user_name);
  if (user == nullptr) return nullptr;
  {
    const std::shared_lock lock(mutex_);
    const auto known = known_.find(user->name);
    if (known != known_.end() && known->second.user == user) return known->second.principal;
  }
  auto principal = std::make_shared<const auth::Principal>(
      user_principal(*account, *user, /*access_key_id=*/""));
  const std::unique_lock lock(mutex_);
  std::erase_if(known_,
                [&](const auto& entry) { return account->find_user(entry.first) == nullptr; });
  known_.insert_or_assign(user->name, Known{user, principal});
  return principal;
}

}  // namespace millrace::iam
