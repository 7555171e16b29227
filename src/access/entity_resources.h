// Users, groups, roles and managed policies as resources of IAM's requests, by their ARNs, which
// have paths that requests do not give.
#pragma once

#include <string>

#include "access/inquiry.h"

namespace millrace::access {

// About the user of UserName, and without that about who asks.
[[nodiscard]] Status ask_user(Inquiry& inquiry);
[[nodiscard]] Status ask_group_entity(Inquiry& inquiry);
[[nodiscard]] Status ask_role(Inquiry& inquiry);
// About the managed policy of PolicyArn.
[[nodiscard]] Status ask_policy(Inquiry& inquiry);
// About the user whose access key AccessKeyId is.
[[nodiscard]] Status ask_user_of_key(Inquiry& inquiry);

// About one that is to be made, under Path. Tags are to be set, too.
[[nodiscard]] Status ask_new_user(Inquiry& inquiry);
[[nodiscard]] Status ask_new_group(Inquiry& inquiry);
[[nodiscard]] Status ask_new_role(Inquiry& inquiry);
[[nodiscard]] Status ask_new_policy(Inquiry& inquiry);

// About the user or group as it is and as it is to be called.
[[nodiscard]] Status ask_renamed_user(Inquiry& inquiry);
[[nodiscard]] Status ask_renamed_group(Inquiry& inquiry);

// About all of a kind below PathPrefix.
[[nodiscard]] Status ask_users(Inquiry& inquiry);
[[nodiscard]] Status ask_groups(Inquiry& inquiry);
[[nodiscard]] Status ask_roles(Inquiry& inquiry);
[[nodiscard]] Status ask_policies(Inquiry& inquiry);

// About the user, group or role of PolicySourceArn.
[[nodiscard]] Status ask_policy_source(Inquiry& inquiry);

// The entity with that ARN, or nullptr. Lives as long as the account.
[[nodiscard]] const iam::Entity* find_entity(const iam::Account& account, std::string_view arn);
// Of a user or role: the ARN of its permissions boundary, or empty.
[[nodiscard]] std::string boundary_of(const iam::Account& account, std::string_view arn);

}  // namespace millrace::access
