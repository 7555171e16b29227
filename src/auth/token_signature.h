// The signature of a token that the server hands out and takes back: what it did not write, or what
// was changed since, it does not take.
#pragma once

#include <string>
#include <string_view>

namespace millrace::auth {

inline constexpr size_t kTokenSignatureBytes = 16;

[[nodiscard]] std::string sign_token(std::string_view message, std::string_view secret);
// In a time that tells nothing.
[[nodiscard]] bool is_signed(std::string_view message, std::string_view signature,
                             std::string_view secret);

}  // namespace millrace::auth
