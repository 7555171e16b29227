// One request of the IAM API on its way through an operation.
#pragma once

#include <cstdint>
#include <string>

#include "auth/principal.h"
#include "base/random.h"
#include "base/result.h"
#include "iam/account.h"
#include "json/document.h"

namespace millrace::iam {

// JSON of the result, for the convention of api::QueryService; empty of an operation without one.
using Answer = Result<std::string>;

// The input has passed api/validate.h.
struct Call {
  json::Object input;
  const auth::Principal& caller;
  int64_t now_seconds;
  Random& secrets;
};

// An operation is a function on the account: one that answers, or one that changes it. A change
// that returns an error has changed nothing.
using ReadOperation = Answer (*)(const Account& account, const Call& call);
using ChangeOperation = Answer (*)(Account& account, const Call& call);

}  // namespace millrace::iam
