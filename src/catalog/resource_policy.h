// The resource-based policy of a table or stream (Developer Guide, "Using resource-based policies
// for DynamoDB").
#pragma once

#include <memory>
#include <string>

#include "policy/policy.h"

namespace millrace::catalog {

// Immutable.
struct ResourcePolicy {
  std::string json;         // canonical
  std::string revision_id;  // the milliseconds since 1970 of its change, rising
  policy::PolicyPointer policy;
};

}  // namespace millrace::catalog
