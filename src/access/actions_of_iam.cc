#include <array>

#include "access/action_row.h"
#include "access/entity_resources.h"
#include "access/operation_names.h"
#include "access/table_resources.h"

namespace millrace::access {
namespace {

constexpr auto kRows = std::to_array<Action>({
    row("iam:AddUserToGroup", ask_group_entity),
    row("iam:AttachGroupPolicy", ask_group_entity),
    row("iam:AttachRolePolicy", ask_role),
    row("iam:AttachUserPolicy", ask_user),
    row("iam:CreateAccessKey", ask_user),
    row("iam:CreateAccountAlias", ask_anything),
    row("iam:CreateGroup", ask_new_group),
    row("iam:CreatePolicy", ask_new_policy),
    row("iam:CreatePolicyVersion", ask_policy),
    row("iam:CreateRole", ask_new_role),
    row("iam:CreateUser", ask_new_user),
    row("iam:DeleteAccessKey", ask_user),
    row("iam:DeleteAccountAlias", ask_anything),
    row("iam:DeleteGroup", ask_group_entity),
    row("iam:DeleteGroupPolicy", ask_group_entity),
    row("iam:DeletePolicy", ask_policy),
    row("iam:DeletePolicyVersion", ask_policy),
    row("iam:DeleteRole", ask_role),
    row("iam:DeleteRolePermissionsBoundary", ask_role),
    row("iam:DeleteRolePolicy", ask_role),
    row("iam:DeleteUser", ask_user),
    row("iam:DeleteUserPermissionsBoundary", ask_user),
    row("iam:DeleteUserPolicy", ask_user),
    row("iam:DetachGroupPolicy", ask_group_entity),
    row("iam:DetachRolePolicy", ask_role),
    row("iam:DetachUserPolicy", ask_user),
    row("iam:GetAccessKeyLastUsed", ask_user_of_key),
    row("iam:GetAccountAuthorizationDetails", ask_anything),
    row("iam:GetAccountSummary", ask_anything),
    row("iam:GetContextKeysForCustomPolicy", ask_anything),
    row("iam:GetContextKeysForPrincipalPolicy", ask_policy_source),
    row("iam:GetGroup", ask_group_entity),
    row("iam:GetGroupPolicy", ask_group_entity),
    row("iam:GetPolicy", ask_policy),
    row("iam:GetPolicyVersion", ask_policy),
    row("iam:GetRole", ask_role),
    row("iam:GetRolePolicy", ask_role),
    row("iam:GetUser", ask_user),
    row("iam:GetUserPolicy", ask_user),
    row("iam:ListAccessKeys", ask_user),
    row("iam:ListAccountAliases", ask_anything),
    row("iam:ListAttachedGroupPolicies", ask_group_entity),
    row("iam:ListAttachedRolePolicies", ask_role),
    row("iam:ListAttachedUserPolicies", ask_user),
    row("iam:ListEntitiesForPolicy", ask_policy),
    row("iam:ListGroupPolicies", ask_group_entity),
    row("iam:ListGroups", ask_groups),
    row("iam:ListGroupsForUser", ask_user),
    row("iam:ListPolicies", ask_policies),
    row("iam:ListPolicyTags", ask_policy),
    row("iam:ListPolicyVersions", ask_policy),
    row("iam:ListRolePolicies", ask_role),
    row("iam:ListRoleTags", ask_role),
    row("iam:ListRoles", ask_roles),
    row("iam:ListUserPolicies", ask_user),
    row("iam:ListUserTags", ask_user),
    row("iam:ListUsers", ask_users),
    row("iam:PutGroupPolicy", ask_group_entity),
    row("iam:PutRolePermissionsBoundary", ask_role),
    row("iam:PutRolePolicy", ask_role),
    row("iam:PutUserPermissionsBoundary", ask_user),
    row("iam:PutUserPolicy", ask_user),
    row("iam:RemoveUserFromGroup", ask_group_entity),
    row("iam:SetDefaultPolicyVersion", ask_policy),
    row("iam:SimulateCustomPolicy", ask_anything),
    row("iam:SimulatePrincipalPolicy", ask_policy_source),
    row("iam:TagPolicy", ask_policy),
    row("iam:TagRole", ask_role),
    row("iam:TagUser", ask_user),
    row("iam:UntagPolicy", ask_policy),
    row("iam:UntagRole", ask_role),
    row("iam:UntagUser", ask_user),
    row("iam:UpdateAccessKey", ask_user),
    row("iam:UpdateAssumeRolePolicy", ask_role),
    row("iam:UpdateGroup", ask_renamed_group),
    row("iam:UpdateRole", ask_role),
    row("iam:UpdateRoleDescription", ask_role),
    row("iam:UpdateUser", ask_renamed_user),
});
static_assert(are_rows_of(kRows, kIamOperations),
              "an operation of the model of iam has no row, or a row no operation");

}  // namespace

std::span<const Action> iam_actions() {
  return kRows;
}

}  // namespace millrace::access
