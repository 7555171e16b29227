// How much there may be (IAM User Guide, "IAM and STS quotas"). Those of users, groups and roles
// stand with what else differs between them, in entity.h.
#pragma once

#include <cstddef>

namespace millrace::iam {

inline constexpr size_t kAttachedPoliciesMax = 10;  // of one user, group or role
inline constexpr size_t kGroupsPerUserMax = 10;
inline constexpr size_t kKeysPerUserMax = 2;
inline constexpr size_t kPoliciesMax = 1500;  // managed ones of the account's own
inline constexpr size_t kVersionsMax = 5;     // of one managed policy
// Of documents, without white space.
inline constexpr size_t kPolicyCharactersMax = 6144;
inline constexpr size_t kTrustCharactersMax = 2048;

}  // namespace millrace::iam
