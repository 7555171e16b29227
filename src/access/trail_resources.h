// Trails and event data stores as resources of requests.
#pragma once

#include <string>

#include "access/inquiry.h"

namespace millrace::access {

// Each by name, or id, or ARN.
[[nodiscard]] std::string trail_resource(const catalog::Site& site, std::string_view name);
[[nodiscard]] std::string event_data_store_resource(const catalog::Site& site, std::string_view id);

}  // namespace millrace::access
