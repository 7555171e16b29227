// What a request is told whose signature is not taken, in the words of the JSON services.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace millrace::auth {

[[nodiscard]] Error missing_authentication_token();
[[nodiscard]] Error incomplete_signature(std::string message);
[[nodiscard]] Error invalid_signature(std::string message);
// The signature is not that of the request.
[[nodiscard]] Error signature_mismatch();
[[nodiscard]] Error unrecognized_client();
[[nodiscard]] Error expired_token();

// What a client sent, as far as a message can show it: printable ASCII, and not endlessly much.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace millrace::auth
