#include "iam/identifiers.h"
#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"
#include "iam/operations/tag_change.h"

namespace millrace::iam {
namespace {

constexpr int32_t kSessionSecondsByDefault = 3600;

Result<PolicyDocument> trust_of(json::Object input, std::string_view member) {
  PolicyDocument document;
  document.json = text_of(input, member);
  if (counted_characters(document.json) > kTrustCharactersMax) {
    return quota_exceeded("ACLSizePerRole", kTrustCharactersMax);
  }
  document.policy = TRY(policy::read_policy(document.json, policy::DocumentKind::kRoleTrust));
  return document;
}

int32_t session_seconds_of(json::Object input) {
  const auto seconds = optional_integer(input, "MaxSessionDuration");
  return static_cast<int32_t>(seconds.value_or(kSessionSecondsByDefault));
}

std::string answer_role(const Role& role) {
  return answer_object("Role",
                       [&](json::Writer& writer) { write_role(writer, role, Detail::kWhole); });
}

}  // namespace

Answer create_role(Account& account, const Call& call) {
  Role role;
  role.name = text_of(call.input, "RoleName");
  if (auto status = check_new_name<Role>(account, role.name); !status) return status.error();
  if (auto status = check_count<Role>(account); !status) return status.error();
  role.trust = TRY(trust_of(call.input, "AssumeRolePolicyDocument"));
  role.tags = TRY(with_tags({}, call.input));
  role.grants.boundary_arn = TRY(boundary_of(account, call.input));
  role.description = text_of(call.input, "Description");
  role.session_seconds_max = session_seconds_of(call.input);
  role.path = optional_text(call.input, "Path").value_or("/");
  role.id = make_entity_id(EntityKind<Role>::kIdPrefix, call.secrets);
  role.arn = entity_arn(account.account_id, "role", role.path, role.name);
  role.created_seconds = call.now_seconds;
  std::string answer = answer_role(role);
  put_entity(account, std::move(role));
  return answer;
}

Answer get_role(const Account& account, const Call& call) {
  const RolePointer role = TRY(entity_of<Role>(account, call.input));
  return answer_role(*role);
}

Answer list_roles(const Account& account, const Call& call) {
  const std::string prefix = text_of(call.input, "PathPrefix");
  std::vector<Keyed<RolePointer>> roles;
  for (const auto& [key, role] : account.roles) {
    if (role->path.starts_with(prefix)) roles.emplace_back(key, role);
  }
  return answer_page(call.input, "Roles", roles, [](json::Writer& writer, const RolePointer& role) {
    writer.begin_object();
    write_role(writer, *role, Detail::kListed);
    writer.end_object();
  });
}

Answer update_role(Account& account, const Call& call) {
  Role role = *TRY(entity_of<Role>(account, call.input));
  if (auto description = optional_text(call.input, "Description")) {
    role.description = std::move(*description);
  }
  // As the service has it: without a value it becomes one hour again.
  role.session_seconds_max = session_seconds_of(call.input);
  put_entity(account, std::move(role));
  return std::string("{}");
}

Answer update_role_description(Account& account, const Call& call) {
  Role role = *TRY(entity_of<Role>(account, call.input));
  role.description = text_of(call.input, "Description");
  std::string answer = answer_role(role);
  put_entity(account, std::move(role));
  return answer;
}

Answer update_assume_role_policy(Account& account, const Call& call) {
  Role role = *TRY(entity_of<Role>(account, call.input));
  role.trust = TRY(trust_of(call.input, "PolicyDocument"));
  put_entity(account, std::move(role));
  return std::string();
}

Answer delete_role(Account& account, const Call& call) {
  const RolePointer role = TRY(entity_of<Role>(account, call.input));
  if (auto status = check_no_policies(role->grants); !status) return status.error();
  account.roles.erase(entity_key(role->name));
  return std::string();
}

}  // namespace millrace::iam
