#pragma once

#include "access/inquiry.h"

namespace millrace::access {

// Whether the principal may hand the role to the service ("lambda.amazonaws.com"); nothing is asked
// when `role_arn` is empty.
[[nodiscard]] Status ask_pass_role(Inquiry& inquiry, std::string_view role_arn,
                                   std::string_view service);

}  // namespace millrace::access
