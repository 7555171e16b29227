// How entities are stored: JSON, with secrets sealed (docs/formats/iam.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "iam/account.h"
#include "iam/secret_box.h"

namespace millrace::iam {

// What belongs to the account itself.
struct AccountSettings {
  std::string alias;  // empty: none
  std::optional<AccessKey> root_key;
};

[[nodiscard]] std::string write_user(const User& user, const SecretBox& box);
[[nodiscard]] std::string write_group(const Group& group);
[[nodiscard]] std::string write_role(const Role& role);
[[nodiscard]] std::string write_managed_policy(const ManagedPolicy& policy);
[[nodiscard]] std::string write_settings(const AccountSettings& settings, const SecretBox& box);

// InternalServerError for what none of the above wrote, or with another key.
[[nodiscard]] Result<User> read_user(std::string_view text, const SecretBox& box);
[[nodiscard]] Result<Group> read_group(std::string_view text);
[[nodiscard]] Result<Role> read_role(std::string_view text);
[[nodiscard]] Result<ManagedPolicy> read_managed_policy(std::string_view text);
[[nodiscard]] Result<AccountSettings> read_settings(std::string_view text, const SecretBox& box);

}  // namespace millrace::iam
