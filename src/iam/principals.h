// Whom an access key acts for, as the account is.
#pragma once

#include <optional>

#include "auth/principal.h"
#include "iam/account.h"
#include "iam/session_token.h"

namespace millrace::iam {

[[nodiscard]] std::string root_arn(std::string_view account_id);

[[nodiscard]] auth::Principal root_principal(const Account& account, std::string access_key_id);
[[nodiscard]] auth::Principal user_principal(const Account& account, const User& user,
                                             std::string access_key_id);
// nullopt: the role or user whose session it is, is not there any more.
[[nodiscard]] std::optional<auth::Principal> session_principal(const Account& account,
                                                               const SessionContent& session);
// Of one who is not of the account, of a server that lets anybody in: as if he were a user.
[[nodiscard]] auth::Principal stranger_session(const Account& account,
                                               const SessionContent& session);

// By ARN; nullptr: there is none.
[[nodiscard]] UserPointer find_user_by_arn(const Account& account, std::string_view arn);
[[nodiscard]] RolePointer find_role_by_arn(const Account& account, std::string_view arn);

}  // namespace millrace::iam
