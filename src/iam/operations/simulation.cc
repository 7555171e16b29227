#include <algorithm>

#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_sources.h"
#include "iam/operations/simulated_context.h"

namespace millrace::iam {
namespace {

using policy::Verdict;

// Everything that is simulated with.
struct Simulation {
  std::vector<PolicySource> sources;
  policy::PolicyPointer boundary;         // nullptr: none
  policy::PolicyPointer resource_policy;  // nullptr: none
  auth::Principal caller;
  std::vector<std::string> actions;
  std::vector<std::string> resources;

  // Every action on every resource.
  [[nodiscard]] size_t count() const { return actions.size() * resources.size(); }
};

Status check_actions(const std::vector<std::string>& actions) {
  for (const std::string& action : actions) {
    const size_t colon = action.find(':');
    if (colon != 0 && colon < action.size() - 1 && action.find_first_of("*? ") == action.npos) {
      continue;
    }
    return invalid_input(fmt::format("{} is not the name of a service and an operation.", action));
  }
  return Done{};
}

Status check_resources(const std::vector<std::string>& resources) {
  for (const std::string& resource : resources) {
    if (resource == "*" || resource.starts_with("arn:")) continue;
    return invalid_input(fmt::format("ARN {} is not valid.", resource));
  }
  return Done{};
}

// What there is only for resources that this server has not.
Status check_unsupported(const Account& account, json::Object input) {
  if (const auto option = optional_text(input, "ResourceHandlingOption")) {
    return invalid_input(fmt::format(
        "ResourceHandlingOption {} is not supported: there are no resources of Amazon EC2.",
        *option));
  }
  const auto owner = optional_text(input, "ResourceOwner");
  if (owner && *owner != account.account_id &&
      *owner != fmt::format("arn:aws:iam::{}:root", account.account_id)) {
    return invalid_input(
        fmt::format("ResourceOwner {} is not supported: all resources are of account {}.", *owner,
                    account.account_id));
  }
  return Done{};
}

auth::Principal principal_of(const Account& account, const User& user) {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = account.account_id;
  principal.id = user.id;
  principal.arn = user.arn;
  principal.user_name = user.name;
  for (const auto& [key, value] : user.tags) principal.tags.push_back({key, value});
  return principal;
}

// The user of CallerArn, who need not be there; without it `user`, else nobody.
Result<auth::Principal> caller_of(const Account& account, json::Object input,
                                  const UserPointer& user) {
  const auto arn = optional_text(input, "CallerArn");
  if (!arn) return user != nullptr ? principal_of(account, *user) : auth::Principal();
  const size_t kind = arn->find(":user/");
  if (!arn->starts_with("arn:aws:iam::") || kind == std::string::npos) {
    return invalid_input(fmt::format("CallerArn {} is not the ARN of a user.", *arn));
  }
  const std::string name = arn->substr(arn->rfind('/') + 1);
  const UserPointer found = account.find_user(name);
  if (found != nullptr && found->arn == *arn) return principal_of(account, *found);
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = arn->substr(13, kind - 13);
  principal.arn = *arn;
  principal.user_name = name;
  return principal;
}

// What both operations take, added to the policies of the principal, if there is one.
Result<Simulation> read_simulation(const Account& account, json::Object input,
                                   PrincipalPolicies policies) {
  if (auto status = check_unsupported(account, input); !status) return status.error();
  Simulation simulation;
  size_t characters = 0;
  simulation.sources = std::move(policies.sources);
  for (PolicySource& source :
       TRY(policy_inputs(input, "PolicyInputList", policy::DocumentKind::kIdentity, characters))) {
    simulation.sources.push_back(std::move(source));
  }
  const auto boundaries = TRY(policy_inputs(input, "PermissionsBoundaryPolicyInputList",
                                            policy::DocumentKind::kIdentity, characters));
  if (boundaries.size() > 1) {
    return invalid_input("PermissionsBoundaryPolicyInputList takes one policy.");
  }
  simulation.boundary =
      boundaries.empty() ? policies.boundary.policy : boundaries.front().document.policy;
  simulation.caller = TRY(caller_of(account, input, policies.user));
  if (const auto json = optional_text(input, "ResourcePolicy")) {
    if (simulation.caller.arn.empty()) {
      return invalid_input("CallerArn is required when a ResourcePolicy is given.");
    }
    simulation.resource_policy = TRY(policy::read_policy(*json, policy::DocumentKind::kResource));
  }
  simulation.actions = texts_of(input, "ActionNames");
  simulation.resources = texts_of(input, "ResourceArns");
  if (simulation.resources.empty()) simulation.resources.emplace_back("*");
  if (auto status = check_actions(simulation.actions); !status) return status.error();
  if (auto status = check_resources(simulation.resources); !status) return status.error();
  return simulation;
}

std::string_view decision_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllowed:
      return "allowed";
    case Verdict::kExplicitDeny:
      return "explicitDeny";
    case Verdict::kImplicitDeny:
      break;
  }
  return "implicitDeny";
}

void write_match(json::Writer& writer, std::string_view id, std::string_view type) {
  writer.begin_object();
  writer.member("SourcePolicyId", id);
  writer.member("SourcePolicyType", type);
  writer.end_object();
}

// The policies that say what was decided.
void write_matches(json::Writer& writer, const Simulation& simulation,
                   const policy::Question& question, Verdict verdict) {
  writer.key("MatchedStatements");
  writer.begin_array();
  if (verdict != Verdict::kImplicitDeny) {
    const auto says_so = [&](const policy::PolicyPointer& policy) {
      return policy != nullptr && policy::evaluate(*policy, question) == verdict;
    };
    for (const PolicySource& source : simulation.sources) {
      if (says_so(source.document.policy)) write_match(writer, source.id, "IAM Policy");
    }
    if (says_so(simulation.resource_policy)) write_match(writer, "ResourcePolicy", "resource");
    if (verdict == Verdict::kExplicitDeny && says_so(simulation.boundary)) {
      write_match(writer, "PermissionsBoundary", "IAM Permissions Boundary Policy");
    }
  }
  writer.end_array();
}

void write_result(json::Writer& writer, const Simulation& simulation,
                  const policy::PolicySet& policies, const SimulatedContext& context, size_t at) {
  const std::string& action = simulation.actions[at / simulation.resources.size()];
  const std::string& resource = simulation.resources[at % simulation.resources.size()];
  const policy::Question question{action, resource, simulation.caller, context};
  const Verdict verdict =
      policy::decide(policies, simulation.resource_policy.get(), question).verdict;
  writer.begin_object();
  writer.member("EvalActionName", action);
  writer.member("EvalResourceName", resource);
  writer.member("EvalDecision", decision_text(verdict));
  write_matches(writer, simulation, question, verdict);
  if (simulation.boundary != nullptr) {
    writer.key("PermissionsBoundaryDecisionDetail");
    writer.begin_object();
    writer.member("AllowedByPermissionsBoundary",
                  policy::evaluate(*simulation.boundary, question) == Verdict::kAllowed);
    writer.end_object();
  }
  writer.key("MissingContextValues");
  writer.begin_array();
  for (const std::string& key : context.take_missing()) writer.string(key);
  writer.end_array();
  writer.end_object();
}

Answer simulate(const Simulation& simulation, json::Object input) {
  const bool has_caller = !simulation.caller.arn.empty();
  const SimulatedContext context =
      TRY(SimulatedContext::read(input, has_caller ? &simulation.caller : nullptr));
  const Page page = TRY(page_by_position(input, simulation.count()));
  policy::PolicySet policies;
  for (const PolicySource& source : simulation.sources) {
    if (source.document.policy != nullptr) policies.identity.push_back(source.document.policy);
  }
  policies.boundary = simulation.boundary;
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("EvaluationResults");
  writer.begin_array();
  for (size_t at = page.first; at < page.last; ++at) {
    write_result(writer, simulation, policies, context, at);
  }
  writer.end_array();
  page.write_end(writer);
  writer.end_object();
  return out;
}

}  // namespace

Answer simulate_custom_policy(const Account& account, const Call& call) {
  const Simulation simulation = TRY(read_simulation(account, call.input, {}));
  return simulate(simulation, call.input);
}

Answer simulate_principal_policy(const Account& account, const Call& call) {
  PrincipalPolicies policies =
      TRY(policies_of_arn(account, text_of(call.input, "PolicySourceArn")));
  const Simulation simulation = TRY(read_simulation(account, call.input, std::move(policies)));
  return simulate(simulation, call.input);
}

}  // namespace millrace::iam
