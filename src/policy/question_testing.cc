#include "policy/question_testing.h"

#include <algorithm>

#include "base/check.h"
#include "policy/letters.h"

namespace millrace::policy {

std::optional<std::vector<std::string>> FakeContext::values(std::string_view key) const {
  const auto found = std::ranges::find_if(
      values_, [&](const auto& entry) { return equal_ignoring_case(entry.first, key); });
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

auth::Principal alice() {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = "123456789012";
  principal.id = "AIDAALICEALICEALICE12";
  principal.arn = "arn:aws:iam::123456789012:user/alice";
  principal.user_name = "alice";
  principal.tags = {{"team", "blue"}};
  return principal;
}

auth::Principal worker() {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kAssumedRole;
  principal.account_id = "123456789012";
  principal.id = "AROAWORKERWORKERWORK:run";
  principal.arn = "arn:aws:sts::123456789012:assumed-role/worker/run";
  principal.session_name = "run";
  principal.issuer_arn = "arn:aws:iam::123456789012:role/worker";
  principal.issuer_id = "AROAWORKERWORKERWORK";
  principal.issuer_name = "worker";
  principal.session_began_seconds = 1'700'000'000;
  return principal;
}

auth::Principal root() {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kRoot;
  principal.account_id = "123456789012";
  principal.id = principal.account_id;
  principal.arn = "arn:aws:iam::123456789012:root";
  return principal;
}

auth::Principal service(std::string name) {
  return *auth::service_principal(std::move(name));
}

std::string quoted(std::string_view text) {
  std::string json(text);
  std::ranges::replace(json, '\'', '"');
  return json;
}

PolicyPointer policy_of(std::string_view text, DocumentKind kind) {
  return read_policy(quoted(text), kind).value();
}

namespace {

std::string document(std::string_view effect, std::string_view elements) {
  return "{'Version':'2012-10-17','Statement':{'Effect':'" + std::string(effect) + "'," +
         std::string(elements) + "}}";
}

}  // namespace

PolicyPointer identity_policy(std::string_view effect, std::string_view elements) {
  return policy_of(document(effect, elements), DocumentKind::kIdentity);
}

PolicyPointer resource_policy(std::string_view effect, std::string_view elements) {
  return policy_of(document(effect, elements), DocumentKind::kResource);
}

}  // namespace millrace::policy
