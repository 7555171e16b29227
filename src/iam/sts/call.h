// One request of the STS API on its way through an operation.
#pragma once

#include <string>

#include "iam/sts/service.h"

namespace millrace::iam::sts {

struct Call {
  const StsParts& parts;
  const Account& account;
  json::Object input;
  const auth::PrincipalPointer& caller;
};

// JSON of the result, for the convention of api::QueryService.
using Answer = Result<std::string>;

[[nodiscard]] Answer assume_role(const Call& call);
[[nodiscard]] Answer get_access_key_info(const Call& call);
[[nodiscard]] Answer get_caller_identity(const Call& call);
[[nodiscard]] Answer get_federation_token(const Call& call);
[[nodiscard]] Answer get_session_token(const Call& call);

}  // namespace millrace::iam::sts
