#include "policy/decision.h"

#include <algorithm>

#include "policy/statement.h"

namespace millrace::policy {
namespace {

// What a policy says of a question. Of one without principals, what it allows is for whom it is
// attached to.
struct Answer {
  bool denies = false;
  PrincipalMatch allows = PrincipalMatch::kNone;
};

PrincipalMatch match(const Statement& statement, const auth::Principal& principal) {
  if (!statement.principals) return PrincipalMatch::kExact;
  return match_principal(*statement.principals, principal, statement.effect == Effect::kDeny);
}

Answer ask(const Policy& policy, const Question& question) {
  Answer answer;
  for (const Statement& statement : policy.statements) {
    const PrincipalMatch matched = match(statement, question.principal);
    const bool is_deny = statement.effect == Effect::kDeny;
    // Nothing to learn from it.
    if (matched == PrincipalMatch::kNone || (!is_deny && matched <= answer.allows)) continue;
    if (!applies(statement, question)) continue;
    if (is_deny) return {true, PrincipalMatch::kNone};
    answer.allows = matched;
  }
  return answer;
}

Answer ask_all(const std::vector<PolicyPointer>& policies, const Question& question) {
  Answer together;
  for (const PolicyPointer& policy : policies) {
    const Answer answer = ask(*policy, question);
    if (answer.denies) return answer;
    together.allows = std::max(together.allows, answer.allows);
  }
  return together;
}

Decision allowed() {
  return {Verdict::kAllowed, PolicyType::kIdentity};
}
Decision denied(PolicyType type) {
  return {Verdict::kExplicitDeny, type};
}
Decision not_allowed(PolicyType type) {
  return {Verdict::kImplicitDeny, type};
}

bool allows(const Answer& answer) {
  return answer.allows != PrincipalMatch::kNone;
}

// `resource` is what the policy of the resource says, whose type is `resource_type`. Nothing that
// limits the principal limits what a resource allows to himself by name.
Decision decide_among(const PolicySet& policies, const Answer& resource, PolicyType resource_type,
                      const Question& question) {
  const Answer identity = ask_all(policies.identity, question);
  if (identity.denies) return denied(PolicyType::kIdentity);
  const Answer boundary = policies.boundary ? ask(*policies.boundary, question) : Answer();
  if (boundary.denies) return denied(PolicyType::kBoundary);
  const Answer session = ask_all(policies.session, question);
  if (session.denies) return denied(PolicyType::kSession);
  if (resource.denies) return denied(resource_type);

  if (resource.allows == PrincipalMatch::kExact) return allowed();
  if (!allows(identity) && resource.allows < PrincipalMatch::kAnyone) {
    const auto type = question.principal.type;
    const bool has_identity_policies =
        type != auth::PrincipalType::kService && type != auth::PrincipalType::kAnonymous;
    return not_allowed(has_identity_policies ? PolicyType::kIdentity : resource_type);
  }
  if (policies.boundary && !allows(boundary)) return not_allowed(PolicyType::kBoundary);
  if (policies.has_session && !allows(session)) return not_allowed(PolicyType::kSession);
  return allowed();
}

}  // namespace

Decision decide(const PolicySet& policies, const Policy* resource_policy,
                const Question& question) {
  if (policies.unrestricted && question.principal.type == auth::PrincipalType::kService) {
    return allowed();
  }
  const Answer resource = resource_policy ? ask(*resource_policy, question) : Answer();
  if (policies.unrestricted) {
    return resource.denies ? denied(PolicyType::kResource) : allowed();
  }
  return decide_among(policies, resource, PolicyType::kResource, question);
}

Decision decide_trust(const Policy& trust, const Question& question) {
  const Answer answer = ask(trust, question);
  if (answer.denies) return denied(PolicyType::kRoleTrust);
  return allows(answer) ? allowed() : not_allowed(PolicyType::kRoleTrust);
}

Decision decide_trust(const PolicySet& policies, const Policy& trust, const Question& question) {
  const Answer answer = ask(trust, question);
  if (answer.denies) return denied(PolicyType::kRoleTrust);
  if (!allows(answer)) return not_allowed(PolicyType::kRoleTrust);
  if (policies.unrestricted) return allowed();
  return decide_among(policies, answer, PolicyType::kRoleTrust, question);
}

std::optional<Verdict> evaluate(const Policy& policy, const Question& question) {
  const Answer answer = ask(policy, question);
  if (answer.denies) return Verdict::kExplicitDeny;
  if (allows(answer)) return Verdict::kAllowed;
  return std::nullopt;
}

}  // namespace millrace::policy
