#include "policy/resource_document.h"

#include <algorithm>

#include "policy/canonical_document.h"
#include "policy/document.h"
#include "policy/statement.h"

namespace millrace::policy {
namespace {

void append(std::vector<std::string>& all, const std::optional<Texts>& texts) {
  if (texts) all.insert(all.end(), texts->begin(), texts->end());
}

bool is_for_everybody(const Statement& statement) {
  const PrincipalElement& principals = *statement.principals;
  return statement.effect == Effect::kAllow && statement.conditions.empty() &&
         (principals.anyone || principals.negated);
}

}  // namespace

Result<ResourceDocument> read_resource_document(std::string_view json) {
  ResourceDocument read;
  read.policy = TRY(read_policy(json, DocumentKind::kResource));
  read.json = TRY(canonical_document(json, DocumentKind::kResource));
  const auto parsed = TRY(json::Document::parse(json));
  const auto document = TRY(read_document(parsed.root(), json, DocumentKind::kResource));
  for (const StatementText& statement : document.statements) {
    append(read.actions, statement.actions);
    append(read.actions, statement.not_actions);
    append(read.resources, statement.resources);
    append(read.resources, statement.not_resources);
  }
  read.grants_everybody = std::ranges::any_of(read.policy->statements, is_for_everybody);
  return read;
}

}  // namespace millrace::policy
