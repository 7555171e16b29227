// The operations of the IAM API, named as there. Where one exists for users, groups, roles or
// policies alike it is a template over them.
#pragma once

#include "iam/operations/call.h"

namespace millrace::iam {

// users.cc
Answer create_user(Account& account, const Call& call);
Answer get_user(const Account& account, const Call& call);
Answer list_users(const Account& account, const Call& call);
Answer update_user(Account& account, const Call& call);
Answer delete_user(Account& account, const Call& call);

// access_keys.cc
Answer create_access_key(Account& account, const Call& call);
Answer list_access_keys(const Account& account, const Call& call);
Answer update_access_key(Account& account, const Call& call);
Answer delete_access_key(Account& account, const Call& call);
Answer get_access_key_last_used(const Account& account, const Call& call);

// groups.cc
Answer create_group(Account& account, const Call& call);
Answer get_group(const Account& account, const Call& call);
Answer list_groups(const Account& account, const Call& call);
Answer update_group(Account& account, const Call& call);
Answer delete_group(Account& account, const Call& call);

// group_members.cc
Answer add_user_to_group(Account& account, const Call& call);
Answer remove_user_from_group(Account& account, const Call& call);
Answer list_groups_for_user(const Account& account, const Call& call);

// roles.cc
Answer create_role(Account& account, const Call& call);
Answer get_role(const Account& account, const Call& call);
Answer list_roles(const Account& account, const Call& call);
Answer update_role(Account& account, const Call& call);
Answer update_role_description(Account& account, const Call& call);
Answer update_assume_role_policy(Account& account, const Call& call);
Answer delete_role(Account& account, const Call& call);

// tags.cc: User, Role
template <typename Type>
Answer tag(Account& account, const Call& call);
template <typename Type>
Answer untag(Account& account, const Call& call);
template <typename Type>
Answer list_tags(const Account& account, const Call& call);
Answer tag_policy(Account& account, const Call& call);
Answer untag_policy(Account& account, const Call& call);
Answer list_policy_tags(const Account& account, const Call& call);

// inline_policies.cc: User, Group, Role
template <typename Type>
Answer put_inline_policy(Account& account, const Call& call);
template <typename Type>
Answer get_inline_policy(const Account& account, const Call& call);
template <typename Type>
Answer list_inline_policies(const Account& account, const Call& call);
template <typename Type>
Answer delete_inline_policy(Account& account, const Call& call);

// attached_policies.cc: User, Group, Role
template <typename Type>
Answer attach_policy(Account& account, const Call& call);
template <typename Type>
Answer detach_policy(Account& account, const Call& call);
template <typename Type>
Answer list_attached_policies(const Account& account, const Call& call);

// boundaries.cc: User, Role
template <typename Type>
Answer put_boundary(Account& account, const Call& call);
template <typename Type>
Answer delete_boundary(Account& account, const Call& call);

// managed_policies.cc
Answer create_policy(Account& account, const Call& call);
Answer get_policy(const Account& account, const Call& call);
Answer list_policies(const Account& account, const Call& call);
Answer delete_policy(Account& account, const Call& call);

// policy_versions.cc
Answer create_policy_version(Account& account, const Call& call);
Answer get_policy_version(const Account& account, const Call& call);
Answer list_policy_versions(const Account& account, const Call& call);
Answer set_default_policy_version(Account& account, const Call& call);
Answer delete_policy_version(Account& account, const Call& call);

// policy_entities.cc
Answer list_entities_for_policy(const Account& account, const Call& call);

// account_alias.cc
Answer create_account_alias(Account& account, const Call& call);
Answer list_account_aliases(const Account& account, const Call& call);
Answer delete_account_alias(Account& account, const Call& call);

// account_summary.cc, authorization_details.cc
Answer get_account_summary(const Account& account, const Call& call);
Answer get_account_authorization_details(const Account& account, const Call& call);

// simulation.cc, context_keys.cc
Answer simulate_custom_policy(const Account& account, const Call& call);
Answer simulate_principal_policy(const Account& account, const Call& call);
Answer get_context_keys_for_custom_policy(const Account& account, const Call& call);
Answer get_context_keys_for_principal_policy(const Account& account, const Call& call);

}  // namespace millrace::iam
