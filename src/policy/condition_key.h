// A condition key as a policy names it, and its values in a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/principal_keys.h"

namespace millrace::policy {

// Recognised once, when the policy is read.
struct ConditionKey {
  std::string name;
  PrincipalKey principal_key = PrincipalKey::kNone;
};
[[nodiscard]] ConditionKey read_condition_key(std::string_view name);

// The keys of one request: those of its principal, then those of its context.
struct RequestKeys {
  const auth::Principal& principal;
  const RequestContext& context;

  // nullopt: the request has no such key.
  [[nodiscard]] std::optional<std::vector<std::string>> values(const ConditionKey& key) const;
};

}  // namespace millrace::policy
