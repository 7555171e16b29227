// Names and ARNs of trails (CloudTrail User Guide, "Naming requirements").
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/arn.h"

namespace millrace::audit {

// arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME
[[nodiscard]] std::string trail_arn(const catalog::Site& site, std::string_view name);

// InvalidTrailNameException.
[[nodiscard]] Status check_trail_name(std::string_view name);

// The ARN of anything that CloudTrail has in this account and region.
struct CloudTrailArn {
  std::string type;  // "trail", "eventdatastore" …
  std::string id;    // what follows the slash
};
// CloudTrailARNInvalidException for what is no such ARN, or of another account or region.
[[nodiscard]] Result<CloudTrailArn> parse_cloud_trail_arn(const catalog::Site& site,
                                                          std::string_view arn);

// The name in what a request gives, a name or an ARN. InvalidTrailNameException,
// CloudTrailARNInvalidException.
[[nodiscard]] Result<std::string> trail_name_of(const catalog::Site& site,
                                                std::string_view name_or_arn);

}  // namespace millrace::audit
