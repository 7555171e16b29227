#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace millrace::audit {

// Lower case, two digits a byte.
[[nodiscard]] std::string hexadecimal(ByteView bytes);
// Of either case; nullopt for anything else.
[[nodiscard]] std::optional<Bytes> parse_hexadecimal(std::string_view text);

}  // namespace millrace::audit
