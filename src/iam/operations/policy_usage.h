// By how many users, groups and roles managed policies are used.
#pragma once

#include <map>
#include <string>

#include "iam/account.h"

namespace millrace::iam {

struct PolicyUsage {
  int64_t attachments = 0;
  int64_t boundaries = 0;
};
using PolicyUsages = std::map<std::string, PolicyUsage, std::less<>>;  // by ARN

// Of all policies that are used.
[[nodiscard]] PolicyUsages policy_usages(const Account& account);
[[nodiscard]] PolicyUsage usage_of(const PolicyUsages& usages, std::string_view arn);

}  // namespace millrace::iam
