// `trigger pause`, `resume`, `rm`, `replay` and `invoke`. Each says on stdout what it did.
#pragma once

#include <optional>
#include <string>

#include "cli/client/service_client.h"

namespace millrace::cli::trigger {

// Returns when all are paused, or running.
[[nodiscard]] Status set_enabled(ServiceClient& client, const std::string& target, bool enabled);

// The mappings; and with `with_function` what they called and the roles that `add` made for that,
// unless another trigger calls it, which is refused before anything is removed.
[[nodiscard]] Status remove_triggers(ServiceClient& client, const std::string& target,
                                     bool with_function);

struct ReplayPosition {
  std::string name;  // "TRIM_HORIZON", "LATEST" or "AT_TIMESTAMP"
  int64_t seconds_since_1970 = 0;
};
// "trim-horizon", "latest", or a time as parse_time() reads it.
[[nodiscard]] std::optional<ReplayPosition> parse_replay_position(const std::string& text,
                                                                  int64_t now_seconds);
[[nodiscard]] Status replay(ServiceClient& client, const std::string& target,
                            const ReplayPosition& from);

// `payload` is JSON, or the path of a file of it. Prints what the function answered, and the end of
// its log on stderr; ServiceException when the function failed.
[[nodiscard]] Status invoke(ServiceClient& client, const std::string& function,
                            const std::string& payload);

}  // namespace millrace::cli::trigger
