// The managed policies that come with the server, by the names they have at AWS
// ("arn:aws:iam::aws:policy/AdministratorAccess"). They allow what those names say, of what this
// server has.
#pragma once

#include "iam/account.h"

namespace millrace::iam {

inline constexpr std::string_view kAwsManagedArnPrefix = "arn:aws:iam::aws:policy/";

// Made once. They cannot be changed and are never stored.
[[nodiscard]] const std::map<std::string, ManagedPolicyPointer>& aws_managed_policies();

[[nodiscard]] inline bool is_aws_managed(std::string_view arn) {
  return arn.starts_with(kAwsManagedArnPrefix);
}

}  // namespace millrace::iam
