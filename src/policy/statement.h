// One statement of a policy, read.
#pragma once

#include <string>

#include "policy/policy.h"

namespace millrace::policy {

struct Statement {
  std::string id;  // Sid
};

}  // namespace millrace::policy
