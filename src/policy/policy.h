// Policies of the IAM language (IAM User Guide, "IAM JSON policy elements reference"), read once
// and asked often. Knows no service: actions, resources and condition keys are texts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::policy {

// What a policy document is attached to, which decides what its statements must have.
enum class DocumentKind {
  kIdentity,   // of a user, group, role, session or boundary: no Principal
  kResource,   // of a table or function: Principal, and its Resource
  kRoleTrust,  // of a role: Principal, no Resource
};

struct Statement;  // policy/statement.h

// Immutable.
struct Policy {
  std::string id;
  std::vector<Statement> statements;

  Policy();
  ~Policy();
  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;
};
using PolicyPointer = std::shared_ptr<const Policy>;

// Reads a document. MalformedPolicyDocument with what is wrong, in IAM's words where they are
// known; no text makes it slow or deep.
[[nodiscard]] Result<PolicyPointer> read_policy(std::string_view json, DocumentKind kind);

}  // namespace millrace::policy
