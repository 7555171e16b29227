// A mapping as it is stored: JSON (docs/formats/triggers.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "triggers/mapping.h"

namespace millrace::triggers {

[[nodiscard]] std::string write_mapping(const Mapping& mapping);
// InternalServerError when it is not what write_mapping() wrote.
[[nodiscard]] Result<Mapping> read_mapping(std::string_view text);

}  // namespace millrace::triggers
