#include "policy/condition_key.h"

namespace millrace::policy {

ConditionKey read_condition_key(std::string_view name) {
  return {std::string(name), principal_key_of(name)};
}

std::optional<std::vector<std::string>> RequestKeys::values(const ConditionKey& key) const {
  if (key.principal_key != PrincipalKey::kNone) {
    auto values = principal_key_values(principal, key.principal_key, key.name);
    if (values) return values;
  }
  return context.values(key.name);
}

}  // namespace millrace::policy
