#include "policy/policy.h"

#include "policy/statement.h"

namespace millrace::policy {

Policy::Policy() = default;
Policy::~Policy() = default;
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;

}  // namespace millrace::policy
