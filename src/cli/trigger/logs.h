// `trigger logs`.
#pragma once

#include <string>

#include "base/clock.h"
#include "cli/client/service_client.h"

namespace millrace::cli::trigger {

struct LogOptions {
  std::string target;  // a function, or a table: then of all its functions
  int64_t since_milliseconds = 0;
  bool follow = false;
  bool as_json = false;  // an event a line, as the API has it
};

// Prints the events on stdout, in the order of their times. Following outlasts restarts of the
// server, and ends without an error when stdout is closed.
[[nodiscard]] Status print_logs(ServiceClient& client, const LogOptions& options);

}  // namespace millrace::cli::trigger
