#pragma once

#include <string>
#include <string_view>

#include "access/arn_text.h"

namespace millrace::access {

// The ARN of an event source mapping.
[[nodiscard]] inline std::string mapping_resource(const catalog::Site& site,
                                                  std::string_view uuid) {
  ArnText arn(site, "lambda");
  return std::string(arn.add("event-source-mapping:").add(uuid).view());
}

}  // namespace millrace::access
