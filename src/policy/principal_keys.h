// Condition keys that need no request: the principal answers them (IAM User Guide, "AWS global
// condition context keys", "Properties of the principal").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"

namespace millrace::policy {

enum class PrincipalKey : uint8_t {
  kNone,
  kUserName,
  kUserId,
  kPrincipalArn,
  kPrincipalAccount,
  kPrincipalType,
  kPrincipalTag,
  kPrincipalIsAwsService,
  kPrincipalServiceName,
  kPrincipalServiceNamesList,
  kTokenIssueTime,
};

// kNone: not a principal's. Names are compared without regard to case.
[[nodiscard]] PrincipalKey principal_key_of(std::string_view name);

// Of the key that principal_key_of(name) is. nullopt: the principal has no such key.
[[nodiscard]] std::optional<std::vector<std::string>> principal_key_values(
    const auth::Principal& principal, PrincipalKey key, std::string_view name);

}  // namespace millrace::policy
