// A policy document as it is written: its grammar (IAM User Guide, "Grammar of the IAM JSON policy
// language"), before anything in it is understood. Views point into the parsed JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"
#include "policy/policy.h"

namespace millrace::policy {

using Texts = std::vector<std::string_view>;

struct PrincipalText {
  std::string_view type;  // empty: the principal is the text "*" alone
  std::string_view value;
};

struct ConditionText {
  std::string_view comparison;  // the operator
  std::string_view key;
  std::vector<std::string> values;
};

struct StatementText {
  std::optional<std::string_view> id;
  std::optional<std::string_view> effect;
  std::optional<Texts> actions;
  std::optional<Texts> not_actions;
  std::optional<Texts> resources;
  std::optional<Texts> not_resources;
  std::optional<std::vector<PrincipalText>> principals;
  std::optional<std::vector<PrincipalText>> not_principals;
  std::vector<ConditionText> conditions;
};

struct DocumentText {
  std::optional<std::string_view> version;
  std::string_view id;
  std::vector<StatementText> statements;  // at least one
};

// Whether it is the Effect of a Deny, of an Effect that has been checked.
[[nodiscard]] bool is_deny(std::string_view effect);

// MalformedPolicyDocument. The services word it as their parsers do: an old one reads identity
// policies, another all others.
[[nodiscard]] Result<DocumentText> read_document(json::Element root, std::string_view json,
                                                 DocumentKind kind);

[[nodiscard]] Error malformed(std::string message);
[[nodiscard]] Error syntax_error();

}  // namespace millrace::policy
