#include <array>

#include <fmt/format.h>

#include "policy/decision.h"

namespace millrace::policy {
namespace {

struct Names {
  std::string_view of_a_deny;
  std::string_view of_none;
};

Names names_of(PolicyType type) {
  switch (type) {
    case PolicyType::kIdentity:
      return {"an identity-based policy", "identity-based policy"};
    case PolicyType::kResource:
      return {"a resource-based policy", "resource-based policy"};
    case PolicyType::kBoundary:
      return {"a permissions boundary", "permissions boundary"};
    case PolicyType::kSession:
      return {"a session policy", "session policy"};
    case PolicyType::kRoleTrust:
      return {"the role trust policy", "role trust policy"};
  }
  return {};
}

std::string_view name_of(const auth::Principal& principal) {
  if (principal.type == auth::PrincipalType::kService) return principal.service_name;
  return principal.arn.empty() ? std::string_view("anonymous") : principal.arn;
}

}  // namespace

std::string denial_message(const Decision& decision, const Question& question) {
  std::string message =
      fmt::format("User: {} is not authorized to perform: {} on resource: {}",
                  name_of(question.principal), question.action, question.resource);
  const Names names = names_of(decision.decided_by);
  if (decision.verdict == Verdict::kExplicitDeny) {
    return message + fmt::format(" with an explicit deny in {}", names.of_a_deny);
  }
  return message +
         fmt::format(" because no {} allows the {} action", names.of_none, question.action);
}

}  // namespace millrace::policy
