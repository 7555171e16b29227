// `trail validate`.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "cli/client/connection.h"
#include "cli/trail/findings.h"
#include "cli/trail/trail_scope.h"

namespace millrace::cli::trail {

struct ValidateOptions {
  std::string trail_arn;
  std::string start_time;
  std::optional<std::string> end_time;
  std::optional<std::string> bucket_directory;
  std::optional<std::string> s3_endpoint;
  bool verbose = false;
};

// Asks the server for the trail, its public keys and the place of its bucket, reads the bucket
// itself and prints what it finds to stdout. An error when there is any finding, or nothing to
// validate.
[[nodiscard]] Status validate_trail(const Connection& connection, const Clock& clock,
                                    const ValidateOptions& options);

// The part that needs no server. Ends with a summary. The error of a bucket that cannot be listed.
[[nodiscard]] Status validate_bucket(const TrailScope& scope, const PublicKeys& keys,
                                     const OpenBucket& open_bucket, Findings& findings);

}  // namespace millrace::cli::trail
