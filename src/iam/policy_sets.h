// Which policies apply to whom, as the account is.
#pragma once

#include "auth/principal.h"
#include "iam/account.h"
#include "policy/decision.h"

namespace millrace::iam {

// Inline and attached policies and the boundary; of a user also those of the groups.
[[nodiscard]] policy::PolicySet policy_set_of(const Account& account, const User& user);
[[nodiscard]] policy::PolicySet policy_set_of(const Account& account, const Role& role);
// A group has no boundary.
[[nodiscard]] policy::PolicySet policy_set_of(const Account& account, const Group& group);

// Empty, which allows nothing, for one who is not of the account, or not any more.
[[nodiscard]] policy::PolicySet policy_set_of(const Account& account,
                                              const auth::Principal& principal);

// The document that is in force. nullptr: there is no such policy.
[[nodiscard]] policy::PolicyPointer default_policy(const Account& account, const std::string& arn);

}  // namespace millrace::iam
