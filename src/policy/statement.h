// One statement of a policy, read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/condition.h"
#include "policy/document.h"
#include "policy/policy.h"
#include "policy/principal_element.h"
#include "policy/text_pattern.h"

namespace millrace::policy {

enum class Effect { kAllow, kDeny };

struct Statement {
  std::string id;  // Sid
  Effect effect = Effect::kAllow;
  bool negates_actions = false;  // NotAction
  std::vector<TextPattern> actions;
  bool negates_resources = false;  // NotResource
  std::vector<TextPattern>
      resources;  // empty: of a role's trust policy, whose resource is the role
  std::optional<PrincipalElement> principals;  // none: of an identity policy
  std::vector<Condition> conditions;
};

// `has_variables`: the policy's version knows policy variables. Of a document
// that was checked. MalformedPolicyDocument for a condition's value that is none.
[[nodiscard]] Result<Statement> make_statement(const StatementText& text, bool has_variables);

// Whether the action, the resource and the conditions are those of the question; whose it is, is
// not asked.
[[nodiscard]] bool applies(const Statement& statement, const Question& question);

}  // namespace millrace::policy
