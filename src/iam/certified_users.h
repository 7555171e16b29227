// The users whom client certificates stand for.
#pragma once

#include <map>
#include <shared_mutex>
#include <string>

#include "auth/user_principals.h"
#include "iam/account_store.h"

namespace millrace::iam {

// Thread-safe. The store must outlive it. Gives the same pointer as long as the user is as he was,
// so that what is made of it can be kept.
class CertifiedUsers final : public auth::UserPrincipals {
 public:
  explicit CertifiedUsers(const AccountStore& store) : store_(store) {}

  [[nodiscard]] auth::PrincipalPointer find_user(std::string_view user_name) const override;

 private:
  struct Known {
    UserPointer user;
    auth::PrincipalPointer principal;
  };

  const AccountStore& store_;
  mutable std::shared_mutex mutex_;
  // Of users there are or were; guarded by mutex_. By the names in the account.
  mutable std::map<std::string, Known> known_;
};

}  // namespace millrace::iam
