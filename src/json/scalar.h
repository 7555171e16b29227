// JSON scalars converted as leniently as the service converts them.
#pragma once

#include <cstdint>
#include <optional>

#include "json/document.h"

namespace millrace::json {

// true, false, or one of the texts true, 1, yes, false, 0, no in any case.
[[nodiscard]] std::optional<bool> to_boolean(Element value);
// A number, rounded down and clamped to 64 bits.
[[nodiscard]] std::optional<int64_t> to_integer(Element value);

}  // namespace millrace::json
