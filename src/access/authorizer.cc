#include "access/authorizer.h"

#include "access/action_row.h"
#include "access/condition_keys.h"

namespace millrace::access {
namespace {

// The policy of a table is that of its indexes, too. A role has one that says who may assume it,
// and nothing else.
policy::PolicyPointer policy_of(const PolicySource& source, std::string_view permission,
                                std::string_view resource) {
  if (resource.starts_with("arn:aws:iam:") && !permission.starts_with("sts:")) return nullptr;
  const bool is_of_table = resource.starts_with("arn:aws:dynamodb:");
  return source.resource_policy(is_of_table ? resource.substr(0, resource.find("/index/"))
                                            : resource);
}

struct Decider {
  const PolicySource& source;
  const policy::PolicySet& policies;
  const catalog::Catalog& catalog;
  const Clock& clock;
  const Circumstances& circumstances;
  bool has_resource_policies;
};

class DecidedInquiry final : public Inquiry {
 public:
  DecidedInquiry(const Action& action, json::Object input, const auth::Principal& principal,
                 const Decider& decider)
      : Inquiry(action, input, decider.catalog.site(), principal), decider_(decider) {}

  [[nodiscard]] iam::AccountPointer account() const override { return decider_.source.account(); }

  Status ask_for(std::string_view permission, std::string_view resource,
                 const Part& part) override {
    policy::PolicyPointer resource_policy;
    if (decider_.has_resource_policies) {
      resource_policy = policy_of(decider_.source, permission, resource);
    }
    if (decider_.policies.unrestricted && !resource_policy) return Done{};
    const Asked asked{
        *this, decider_.catalog, decider_.clock, decider_.circumstances, permission, resource,
        part};
    const ConditionKeys keys(asked);
    const policy::Question question{permission, resource, principal(), keys};
    const auto decision = policy::decide(decider_.policies, resource_policy.get(), question);
    if (decision.allowed()) return Done{};
    return Error{ErrorCode::kAccessDeniedException, policy::denial_message(decision, question)};
  }

 private:
  const Decider& decider_;
};

}  // namespace

Authorizer::Authorizer(const PolicySource& policies, const catalog::Catalog& catalog,
                       const Clock& clock)
    : policies_(policies), catalog_(catalog), clock_(clock) {}

Status Authorizer::authorize(const auth::PrincipalPointer& principal, const Action& action,
                             json::Object input, const Circumstances& circumstances) const {
  if (action.ask == nullptr) return Done{};
  const auto policies = policies_.policies_of(principal);
  const bool has_resource_policies = policies_.has_resource_policies(action.service);
  if (policies->unrestricted && !has_resource_policies) return Done{};
  const Decider decider{policies_, *policies,     catalog_,
                        clock_,    circumstances, has_resource_policies};
  DecidedInquiry inquiry(action, input, *principal, decider);
  return action.ask(inquiry);
}

}  // namespace millrace::access
