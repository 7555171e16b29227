// What the operations on event source mappings answer when they cannot do what they are asked.
#pragma once

#include <string>

#include "base/result.h"

namespace millrace::triggers {

[[nodiscard]] inline Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalidParameterValueException, std::move(message)};
}

[[nodiscard]] inline Error mapping_not_found() {
  return {ErrorCode::kResourceNotFoundException, "The resource you requested does not exist."};
}

}  // namespace millrace::triggers
