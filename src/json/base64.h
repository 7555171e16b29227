#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace millrace::json {

[[nodiscard]] size_t base64_encoded_size(size_t byte_count);
void append_base64(std::string& out, ByteView bytes);
[[nodiscard]] std::string base64_encode(ByteView bytes);
// Strict: the standard alphabet with padding, nothing else; otherwise nullopt.
[[nodiscard]] std::optional<Bytes> base64_decode(std::string_view text);
// Whether base64_decode() would take it.
[[nodiscard]] bool is_base64(std::string_view text);

}  // namespace millrace::json
