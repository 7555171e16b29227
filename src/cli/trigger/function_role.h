// The role that `trigger add` makes for a function that has none, and `trigger rm` removes.
#pragma once

#include <string>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::trigger {

// "arn:aws:iam::ACCOUNT:role/NAME", of the role that a function has when it names none.
[[nodiscard]] std::string own_role_arn(const std::string& account_id, const std::string& function);

// Whether the role is the one that the function has by its name, and is not there. False where the
// server has no IAM. The error of a caller who may not look it up is one for a function that
// `is_new`; another goes on with what it has.
[[nodiscard]] Result<bool> lacks_role(ServiceClient& client, const std::string& role_arn,
                                      const std::string& own_arn, bool is_new);
// Makes it, trusted by Lambda, with what a function needs to log and to read streams, and says so
// on stdout.
[[nodiscard]] Status make_role(ServiceClient& client, const std::string& role_arn);

// Removes the role of a function that is no more, if make_role() made it and no other function has
// it, and says so on stdout.
[[nodiscard]] Status remove_role(ServiceClient& client, const std::string& role_arn);

}  // namespace millrace::cli::trigger
