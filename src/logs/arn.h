// Amazon Resource Names of log groups and streams.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/arn.h"

namespace millrace::logs {

// arn:aws:logs:REGION:ACCOUNT:log-group:NAME
[[nodiscard]] std::string log_group_arn(const catalog::Site& site, std::string_view group);
[[nodiscard]] std::string log_stream_arn(const catalog::Site& site, std::string_view group,
                                         std::string_view stream);

// `identifier` is a group's name or its ARN, with or without `:*`. InvalidParameterException for
// another ARN, ResourceNotFoundException for one of another account or region.
[[nodiscard]] Result<std::string> group_name_of_identifier(const catalog::Site& site,
                                                           std::string_view identifier);
// The same, but only ARNs will do.
[[nodiscard]] Result<std::string> group_name_of_arn(const catalog::Site& site,
                                                    std::string_view arn);

}  // namespace millrace::logs
