// Managed policies that a request names by their ARN.
#pragma once

#include "iam/operations/call.h"

namespace millrace::iam {

// One that comes with the server and that nobody can change.
[[nodiscard]] bool is_aws_managed(std::string_view arn);

// The policy of PolicyArn. InvalidInput for what is no ARN, NoSuchEntity.
[[nodiscard]] Result<ManagedPolicyPointer> policy_of(const Account& account, json::Object input);
// The same for `action`, which changes it: AccessDenied for one that comes with the server.
[[nodiscard]] Result<ManagedPolicyPointer> changeable_policy_of(const Account& account,
                                                                const Call& call,
                                                                std::string_view action);
// One to be attached.
[[nodiscard]] Result<ManagedPolicyPointer> attachable_policy_of(const Account& account,
                                                                json::Object input);
// That of PermissionsBoundary; empty when the request has none.
[[nodiscard]] Result<std::string> boundary_of(const Account& account, json::Object input);

// PolicyDocument as a version of a managed policy: LimitExceeded, MalformedPolicyDocument.
[[nodiscard]] Result<PolicyVersion> version_of(const Call& call, std::string id);
void put_policy(Account& account, ManagedPolicy policy);
// nullptr: it has no such version.
[[nodiscard]] const PolicyVersion* find_version(const ManagedPolicy& policy, std::string_view id);
// By which lists of policies are sorted and paged.
[[nodiscard]] std::string policy_key(const ManagedPolicy& policy);
// Not a space, a tab or a line break: what quotas on the size of policies count.
[[nodiscard]] size_t counted_characters(std::string_view json);

}  // namespace millrace::iam
