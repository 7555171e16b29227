#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace millrace::json {

[[nodiscard]] std::string base64_encode(ByteView bytes);
// Strict: the standard alphabet with padding, nothing else; otherwise nullopt.
[[nodiscard]] std::optional<Bytes> base64_decode(std::string_view text);

}  // namespace millrace::json
