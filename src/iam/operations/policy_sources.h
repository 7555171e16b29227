// The policies that a simulation, or a question about context keys, is about.
#pragma once

#include <string>
#include <vector>

#include "iam/operations/call.h"

namespace millrace::iam {

struct PolicySource {
  // As simulations name it: a managed policy's name, "user_alice_PolicyName", "PolicyInputList.1".
  std::string id;
  PolicyDocument document;
};

// All policies of the user, group or role, with those of the user's groups.
struct PrincipalPolicies {
  std::vector<PolicySource> sources;
  PolicyDocument boundary;  // whose policy is nullptr when there is none
  UserPointer user;         // nullptr when it is a group or a role
};

// InvalidInput for an ARN of anything else, NoSuchEntity.
[[nodiscard]] Result<PrincipalPolicies> policies_of_arn(const Account& account,
                                                        const std::string& arn);

// The documents of a list of the request, read. MalformedPolicyDocument, or InvalidInput when
// `characters`, which is the sum over all lists of a request, becomes too large.
[[nodiscard]] Result<std::vector<PolicySource>> policy_inputs(json::Object input,
                                                              std::string_view list,
                                                              policy::DocumentKind kind,
                                                              size_t& characters);

}  // namespace millrace::iam
