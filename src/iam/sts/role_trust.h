// Who may assume a role (IAM User Guide, "Policy evaluation logic", for role trust policies).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "iam/account.h"
#include "policy/decision.h"

namespace millrace::iam::sts {

// The condition keys of a request for a session of a role.
struct RoleSessionContext final : policy::RequestContext {
  int64_t now_seconds = 0;
  std::string role_session_name;
  std::optional<std::string> external_id;
  Tags tags;

  [[nodiscard]] std::optional<std::vector<std::string>> values(std::string_view key) const override;
};

// A role is assumed by whom its trust policy allows to. Where that names the caller's account, it
// leaves the decision to the caller's own policies, which have to allow it then; what denies it
// there, denies it in any case. The same is asked for sts:TagSession when there are tags.
// AccessDeniedException in the service's words.
[[nodiscard]] Status check_may_assume(const Role& role, const auth::Principal& caller,
                                      const policy::PolicySet& callers_policies,
                                      const RoleSessionContext& context);

// Whether that service of the server itself may.
[[nodiscard]] bool trusts_service(const Role& role, std::string service_name,
                                  const RoleSessionContext& context);

// "User: ARN is not authorized to perform: sts:AssumeRole on resource: ARN"
[[nodiscard]] Error may_not_assume(const auth::Principal& caller, std::string_view action,
                                   std::string_view role_arn);

}  // namespace millrace::iam::sts
