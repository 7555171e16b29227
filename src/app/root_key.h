// The root access key: who has it may do everything.
#pragma once

#include <optional>

#include "base/random.h"
#include "base/result.h"
#include "iam/account_store.h"

namespace millrace::app {

inline constexpr const char* kRootKeyIdVariable = "MILLRACE_ROOT_ACCESS_KEY_ID";
inline constexpr const char* kRootSecretVariable = "MILLRACE_ROOT_SECRET_ACCESS_KEY";

// What the operator gives: the values of the two variables, nullptr where one is not set.
// InvalidConfiguration when only one is, or one is no good.
[[nodiscard]] Result<std::optional<iam::AccessKey>> given_root_key(const char* access_key_id,
                                                                   const char* secret_access_key,
                                                                   int64_t now_seconds);

// Sees to it that the account has a root key: `given` in place of any, else the one it has, else a
// new one, which is returned: it is to be shown, and nobody can read it later. Blocks until it is
// durable.
[[nodiscard]] Result<std::optional<iam::AccessKey>> ensure_root_key(
    iam::AccountStore& store, const std::optional<iam::AccessKey>& given, Random& secrets,
    int64_t now_seconds);

}  // namespace millrace::app
