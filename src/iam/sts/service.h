// The AWS Security Token Service API.
#pragma once

#include "api/service.h"
#include "base/clock.h"
#include "base/random.h"
#include "iam/account_store.h"
#include "iam/sessions.h"

namespace millrace::iam::sts {

// What its operations work with. All must outlive the service.
struct StsParts {
  const AccountStore& store;
  const Credentials& credentials;
  const Clock& clock;
  Random& secrets;  // from_system()
  // Where it is not, anybody may assume a role, and have a session of whom he says he is.
  bool enforced = true;
};

[[nodiscard]] api::QueryService sts_service(const StsParts& parts);

}  // namespace millrace::iam::sts
