// Whether a request is allowed (IAM User Guide, "Policy evaluation logic", within one account).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "policy/policy.h"

namespace millrace::policy {

// The condition keys of a request. Asked only for the keys that a policy that is being evaluated
// names.
class RequestContext {
 public:
  virtual ~RequestContext() = default;
  // `key` is as in the policy: "dynamodb:LeadingKeys", compared without regard to case;
  // "aws:PrincipalTag/Team". nullopt: the request has no such key. A key of several values, or of
  // none, such as a list of attributes, has a vector of them. Times are ISO 8601 texts, numbers and
  // booleans as JSON writes them.
  [[nodiscard]] virtual std::optional<std::vector<std::string>> values(
      std::string_view key) const = 0;
};

// One action on one resource. An operation on several asks several questions, and is allowed when
// all are.
struct Question {
  std::string_view action;    // "dynamodb:GetItem"
  std::string_view resource;  // an ARN, or "*" of an action that has no resource
  const auth::Principal& principal;
  const RequestContext& context;
};

// Everything that applies to one principal. Empty: nothing of that kind limits or allows.
struct PolicySet {
  std::vector<PolicyPointer> identity;
  PolicyPointer boundary;  // nullptr: none
  // Of temporary credentials: allowed is what one of them allows as well. `has_session` with none
  // allows nothing.
  std::vector<PolicyPointer> session;
  bool has_session = false;
  // The root of the account, and services of the server itself: identity policies, boundaries and
  // sessions do not apply; what a resource denies is denied to the root too.
  bool unrestricted = false;
};

enum class Verdict {
  kAllowed,
  kExplicitDeny,  // some policy denies it
  kImplicitDeny,  // none allows it
};
enum class PolicyType { kIdentity, kResource, kBoundary, kSession, kRoleTrust };

struct Decision {
  Verdict verdict = Verdict::kImplicitDeny;
  PolicyType decided_by = PolicyType::kIdentity;  // which kind denied it, or did not allow it

  [[nodiscard]] bool allowed() const { return verdict == Verdict::kAllowed; }
};

// `resource_policy` is that of the resource that is asked for, or nullptr.
[[nodiscard]] Decision decide(const PolicySet& policies, const Policy* resource_policy,
                              const Question& question);
// What a role's trust policy says of who assumes it: action sts:AssumeRole, resource the role. That
// it trusts the account of the principal is enough.
[[nodiscard]] Decision decide_trust(const Policy& trust, const Question& question);
// Who may assume a role, with the policies of the principal: who is not trusted by name needs one
// that allows it, and their explicit denies apply to all.
[[nodiscard]] Decision decide_trust(const PolicySet& policies, const Policy& trust,
                                    const Question& question);

// What one policy says on its own: for simulation, which names the statements that matched.
[[nodiscard]] std::optional<Verdict> evaluate(const Policy& policy, const Question& question);

// The names of the condition keys and variables in a policy, in order, each once.
[[nodiscard]] std::vector<std::string> context_keys(const Policy& policy);

// The service's words: "User: ARN is not authorized to perform: dynamodb:GetItem on resource: ARN
// because no identity-based policy allows the dynamodb:GetItem action".
[[nodiscard]] std::string denial_message(const Decision& decision, const Question& question);

}  // namespace millrace::policy
