// `millrace serve`: the server from its options to its end.
#pragma once

#include "app/config.h"

namespace millrace::app {

// Serves until SIGTERM or SIGINT, then finishes what is in flight and returns. Prints
// "listening on http://HOST:PORT" to stdout once it serves. Errors: what kept it from starting.
[[nodiscard]] Status serve(const Config& config);

}  // namespace millrace::app
