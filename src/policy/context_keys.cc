#include <algorithm>

#include "policy/decision.h"
#include "policy/statement.h"

namespace millrace::policy {

std::vector<std::string> context_keys(const Policy& policy) {
  std::vector<std::string> names;
  for (const Statement& statement : policy.statements) {
    for (const TextPattern& resource : statement.resources) resource.append_variables(names);
    for (const Condition& condition : statement.conditions) {
      names.push_back(condition.key.name);
      for (const ConditionValue& value : condition.values) {
        const auto* pattern = std::get_if<TextPattern>(&value);
        if (pattern != nullptr) pattern->append_variables(names);
      }
    }
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace millrace::policy
