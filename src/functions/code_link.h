// Links by which the code of a function can be fetched for a while.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace millrace::functions {

inline constexpr std::string_view kCodePath = "/2015-03-31/function-code/";
inline constexpr int64_t kCodeLinkSeconds = 600;

// What follows the path: the code's name, when the link ends and a signature of both by `secret`.
[[nodiscard]] std::string code_link(ByteView secret, std::string_view code_name,
                                    int64_t now_seconds);
// The code's name; nullopt when it was not code_link() that made it, or too long ago.
[[nodiscard]] std::optional<std::string> read_code_link(ByteView secret, std::string_view link,
                                                        int64_t now_seconds);

}  // namespace millrace::functions
