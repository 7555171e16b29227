// dynamodb:Select and dynamodb:ReturnValues: how much of items a request gets back.
#pragma once

#include <optional>
#include <string_view>

#include "access/inquiry.h"

namespace millrace::access {

// Of reads: Select, or what it is when the request does not say: SPECIFIC_ATTRIBUTES with a
// projection, else ALL_PROJECTED_ATTRIBUTES of an index and ALL_ATTRIBUTES of a table.
// `permission` is what is asked for.
[[nodiscard]] std::optional<std::string_view> selected_attributes(std::string_view permission,
                                                                  const Part& part);

// Of writes of one item: ReturnValues, or NONE. ALL_OLD also when the request wants the item only
// if the condition fails, unless it wants ALL_NEW.
[[nodiscard]] std::optional<std::string_view> returned_values(std::string_view permission,
                                                              const Part& part);

}  // namespace millrace::access
