// The IAM API as a service of the query protocol.
#pragma once

#include "api/service.h"
#include "base/clock.h"
#include "base/random.h"
#include "iam/account_store.h"

namespace millrace::iam {

// What its operations work with, which outlives the service and every request.
struct IamParts {
  AccountStore& store;
  const Clock& clock;
  Random& secrets;  // fit for keys
};

[[nodiscard]] api::QueryService iam_service(const IamParts& parts);

}  // namespace millrace::iam
