#include "policy/statement.h"

#include <algorithm>

#include "base/check.h"
#include "policy/arn_fields.h"

namespace millrace::policy {
namespace {

std::vector<TextPattern> make_actions(const Texts& texts) {
  const PatternSyntax syntax{.wildcards = true, .variables = false, .ignores_case = true};
  std::vector<TextPattern> actions;
  for (const std::string_view text : texts) actions.emplace_back(text, syntax);
  return actions;
}

std::vector<TextPattern> make_resources(const Texts& texts, bool has_variables) {
  const PatternSyntax syntax{.wildcards = true, .variables = has_variables, .ignores_case = false};
  std::vector<TextPattern> resources;
  for (const std::string_view text : texts) resources.emplace_back(complete_arn(text), syntax);
  return resources;
}

PrincipalElement make_principals(const std::vector<PrincipalText>& texts, bool negated) {
  PrincipalElement element;
  element.negated = negated;
  for (const PrincipalText& text : texts) {
    MILLRACE_CHECK(element.add(text.type.empty() ? "AWS" : text.type, text.value));
  }
  return element;
}

Result<std::vector<Condition>> make_conditions(const std::vector<ConditionText>& texts,
                                               bool has_variables) {
  std::vector<Condition> conditions;
  for (const ConditionText& text : texts) {
    Condition condition;
    condition.comparison = read_condition_operator(text.comparison).value();
    condition.key = read_condition_key(text.key);
    for (const std::string& value_text : text.values) {
      auto value = read_condition_value(condition.comparison, value_text, has_variables);
      if (!value) return malformed("The policy failed legacy parsing");
      condition.values.push_back(std::move(*value));
    }
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

bool any_matches(const std::vector<TextPattern>& patterns, std::string_view text,
                 const RequestKeys& keys) {
  return std::ranges::any_of(
      patterns, [&](const TextPattern& pattern) { return pattern.matches(text, keys); });
}

}  // namespace

Result<Statement> make_statement(const StatementText& text, bool has_variables) {
  Statement statement;
  statement.id = text.id.value_or("");
  statement.effect = is_deny(*text.effect) ? Effect::kDeny : Effect::kAllow;
  statement.negates_actions = text.not_actions.has_value();
  statement.actions = make_actions(text.not_actions ? *text.not_actions : *text.actions);
  statement.negates_resources = text.not_resources.has_value();
  if (text.resources) statement.resources = make_resources(*text.resources, has_variables);
  if (text.not_resources) statement.resources = make_resources(*text.not_resources, has_variables);
  if (text.principals) statement.principals = make_principals(*text.principals, false);
  if (text.not_principals) statement.principals = make_principals(*text.not_principals, true);
  statement.conditions = TRY(make_conditions(text.conditions, has_variables));
  return statement;
}

bool applies(const Statement& statement, const Question& question) {
  const RequestKeys keys{question.principal, question.context};
  if (any_matches(statement.actions, question.action, keys) == statement.negates_actions) {
    return false;
  }
  if (!statement.resources.empty() &&
      any_matches(statement.resources, question.resource, keys) == statement.negates_resources) {
    return false;
  }
  const bool is_deny = statement.effect == Effect::kDeny;
  return std::ranges::all_of(statement.conditions, [&](const Condition& condition) {
    return holds(condition, keys, is_deny);
  });
}

}  // namespace millrace::policy
