#include "iam/iam_service.h"

#include <array>

#include "iam/operations/operations.h"

namespace millrace::iam {
namespace {

// One of the two is not nullptr.
struct OperationRow {
  std::string_view name;
  ReadOperation read;
  ChangeOperation change;
};

constexpr OperationRow read(std::string_view name, ReadOperation operation) {
  return {name, operation, nullptr};
}
constexpr OperationRow change(std::string_view name, ChangeOperation operation) {
  return {name, nullptr, operation};
}

constexpr auto kOperations = std::to_array<OperationRow>({
    change("AddUserToGroup", add_user_to_group),
    change("AttachGroupPolicy", attach_policy<Group>),
    change("AttachRolePolicy", attach_policy<Role>),
    change("AttachUserPolicy", attach_policy<User>),
    change("CreateAccessKey", create_access_key),
    change("CreateAccountAlias", create_account_alias),
    change("CreateGroup", create_group),
    change("CreatePolicy", create_policy),
    change("CreatePolicyVersion", create_policy_version),
    change("CreateRole", create_role),
    change("CreateUser", create_user),
    change("DeleteAccessKey", delete_access_key),
    change("DeleteAccountAlias", delete_account_alias),
    change("DeleteGroup", delete_group),
    change("DeleteGroupPolicy", delete_inline_policy<Group>),
    change("DeletePolicy", delete_policy),
    change("DeletePolicyVersion", delete_policy_version),
    change("DeleteRole", delete_role),
    change("DeleteRolePermissionsBoundary", delete_boundary<Role>),
    change("DeleteRolePolicy", delete_inline_policy<Role>),
    change("DeleteUser", delete_user),
    change("DeleteUserPermissionsBoundary", delete_boundary<User>),
    change("DeleteUserPolicy", delete_inline_policy<User>),
    change("DetachGroupPolicy", detach_policy<Group>),
    change("DetachRolePolicy", detach_policy<Role>),
    change("DetachUserPolicy", detach_policy<User>),
    read("GetAccessKeyLastUsed", get_access_key_last_used),
    read("GetAccountAuthorizationDetails", get_account_authorization_details),
    read("GetAccountSummary", get_account_summary),
    read("GetContextKeysForCustomPolicy", get_context_keys_for_custom_policy),
    read("GetContextKeysForPrincipalPolicy", get_context_keys_for_principal_policy),
    read("GetGroup", get_group),
    read("GetGroupPolicy", get_inline_policy<Group>),
    read("GetPolicy", get_policy),
    read("GetPolicyVersion", get_policy_version),
    read("GetRole", get_role),
    read("GetRolePolicy", get_inline_policy<Role>),
    read("GetUser", get_user),
    read("GetUserPolicy", get_inline_policy<User>),
    read("ListAccessKeys", list_access_keys),
    read("ListAccountAliases", list_account_aliases),
    read("ListAttachedGroupPolicies", list_attached_policies<Group>),
    read("ListAttachedRolePolicies", list_attached_policies<Role>),
    read("ListAttachedUserPolicies", list_attached_policies<User>),
    read("ListEntitiesForPolicy", list_entities_for_policy),
    read("ListGroupPolicies", list_inline_policies<Group>),
    read("ListGroups", list_groups),
    read("ListGroupsForUser", list_groups_for_user),
    read("ListPolicies", list_policies),
    read("ListPolicyTags", list_policy_tags),
    read("ListPolicyVersions", list_policy_versions),
    read("ListRolePolicies", list_inline_policies<Role>),
    read("ListRoleTags", list_tags<Role>),
    read("ListRoles", list_roles),
    read("ListUserPolicies", list_inline_policies<User>),
    read("ListUserTags", list_tags<User>),
    read("ListUsers", list_users),
    change("PutGroupPolicy", put_inline_policy<Group>),
    change("PutRolePermissionsBoundary", put_boundary<Role>),
    change("PutRolePolicy", put_inline_policy<Role>),
    change("PutUserPermissionsBoundary", put_boundary<User>),
    change("PutUserPolicy", put_inline_policy<User>),
    change("RemoveUserFromGroup", remove_user_from_group),
    change("SetDefaultPolicyVersion", set_default_policy_version),
    read("SimulateCustomPolicy", simulate_custom_policy),
    read("SimulatePrincipalPolicy", simulate_principal_policy),
    change("TagPolicy", tag_policy),
    change("TagRole", tag<Role>),
    change("TagUser", tag<User>),
    change("UntagPolicy", untag_policy),
    change("UntagRole", untag<Role>),
    change("UntagUser", untag<User>),
    change("UpdateAccessKey", update_access_key),
    change("UpdateAssumeRolePolicy", update_assume_role_policy),
    change("UpdateGroup", update_group),
    change("UpdateRole", update_role),
    change("UpdateRoleDescription", update_role_description),
    change("UpdateUser", update_user),
});

int64_t now_seconds(const Clock& clock) {
  return clock.now_milliseconds() / 1000;
}

// A change that the store runs later, on the state that is then.
struct KeptCall {
  std::string input_json;
  auth::PrincipalPointer caller;
  std::string answer;
};

void run_change(const IamParts& parts, ChangeOperation operation, const api::Request& request,
                api::Reply reply) {
  auto kept = std::make_shared<KeptCall>();
  kept->input_json = simdjson::minify(request.input);
  kept->caller = request.principal;
  auto change = [parts, operation, kept](Account& account) -> Status {
    const auto document = TRY(json::Document::parse(kept->input_json));
    const Call call{json::Object(document.root()), *kept->caller, now_seconds(parts.clock),
                    parts.secrets};
    kept->answer = TRY(operation(account, call));
    return Done{};
  };
  parts.store.change(std::move(change), [kept, reply = std::move(reply)](Status status) {
    reply(status.ok() ? Answer(std::move(kept->answer)) : Answer(std::move(status).error()));
  });
}

}  // namespace

api::QueryService iam_service(const IamParts& parts) {
  api::QueryService service;
  service.model = "iam";
  service.api_version = "2010-05-08";
  service.xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/";
  for (const OperationRow& row : kOperations) {
    const std::string name(row.name);
    service.operations.push_back(
        {name, name + "Request", [parts, row](const api::Request& request, api::Reply reply) {
           if (row.change != nullptr) {
             return run_change(parts, row.change, request, std::move(reply));
           }
           const AccountPointer account = parts.store.account();
           reply(row.read(*account, {request.input, *request.principal, now_seconds(parts.clock),
                                     parts.secrets}));
         }});
  }
  return service;
}

}  // namespace millrace::iam
