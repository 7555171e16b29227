// Names that IAM gives to what is made (IAM User Guide, "IAM identifiers").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "iam/account.h"

namespace millrace::iam {

// `prefix` and 17 characters of A-Z and 2-7. Prefixes: "AIDA" of users, "AGPA" of groups, "AROA" of
// roles, "ANPA" of managed policies.
[[nodiscard]] std::string make_entity_id(std::string_view prefix, Random& random);

// "arn:aws:iam::ACCOUNT:user/PATH/NAME". `kind` is "user", "group", "role" or "policy"; `path`
// begins and ends with a slash.
[[nodiscard]] std::string entity_arn(std::string_view account_id, std::string_view kind,
                                     std::string_view path, std::string_view name);

// "AKIA" or "ASIA", and 16 characters of A-Z and 2-7.
[[nodiscard]] std::string make_access_key_id(std::string_view prefix, Random& secrets);
// 40 characters of base64.
[[nodiscard]] std::string make_secret_access_key(Random& secrets);
// Active, of now. `secrets` is Random::from_system().
[[nodiscard]] AccessKey make_access_key(Random& secrets, int64_t now_seconds);

}  // namespace millrace::iam
