// `trail rotate-key`.
#pragma once

#include "cli/client/service_client.h"

namespace millrace::cli::trail {

// Prints the fingerprint of the new key.
[[nodiscard]] Status rotate_key(ServiceClient& client);

}  // namespace millrace::cli::trail
