// Users by their names: whom a verified client certificate stands for.
#pragma once

#include <string_view>

#include "auth/principal.h"

namespace millrace::auth {

class UserPrincipals {
 public:
  virtual ~UserPrincipals() = default;

  // The user, with no access key; nullptr: there is none of that name. Thread-safe, called on I/O
  // threads: memory alone.
  [[nodiscard]] virtual PrincipalPointer find_user(std::string_view user_name) const = 0;
};

}  // namespace millrace::auth
