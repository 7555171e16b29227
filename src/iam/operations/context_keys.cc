#include <set>

#include "iam/operations/input.h"
#include "iam/operations/operations.h"
#include "iam/operations/policy_sources.h"
#include "json/writer.h"
#include "policy/decision.h"

namespace millrace::iam {
namespace {

// The keys of all policies, each once whatever its case.
Answer answer_keys(const std::vector<PolicySource>& sources) {
  std::string out;
  std::set<std::string> seen;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("ContextKeyNames");
  writer.begin_array();
  for (const PolicySource& source : sources) {
    if (source.document.policy == nullptr) continue;
    for (const std::string& name : policy::context_keys(*source.document.policy)) {
      if (seen.insert(entity_key(name)).second) writer.string(name);
    }
  }
  writer.end_array();
  writer.end_object();
  return out;
}

Result<std::vector<PolicySource>> inputs_of(json::Object input) {
  size_t characters = 0;
  return policy_inputs(input, "PolicyInputList", policy::DocumentKind::kIdentity, characters);
}

}  // namespace

Answer get_context_keys_for_custom_policy(const Account& /*account*/, const Call& call) {
  const std::vector<PolicySource> sources = TRY(inputs_of(call.input));
  return answer_keys(sources);
}

Answer get_context_keys_for_principal_policy(const Account& account, const Call& call) {
  PrincipalPolicies policies =
      TRY(policies_of_arn(account, text_of(call.input, "PolicySourceArn")));
  for (PolicySource& source : TRY(inputs_of(call.input))) {
    policies.sources.push_back(std::move(source));
  }
  return answer_keys(policies.sources);
}

}  // namespace millrace::iam
