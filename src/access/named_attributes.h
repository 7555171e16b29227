// dynamodb:Attributes: the attributes that a request names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/inquiry.h"

namespace millrace::access {

// Top-level attributes, in byte order: of keys and items, of projections, conditions, filters and
// updates, of statements, and of the legacy parameters. nullopt: the part is not about items.
[[nodiscard]] std::optional<std::vector<std::string>> named_attributes(const Part& part);

}  // namespace millrace::access
