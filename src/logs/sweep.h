// Erases events that no longer count, a bounded number at a time.
#pragma once

#include "logs/batch.h"
#include "logs/settings.h"

namespace millrace::logs {

// Adds to `batch`, to which nothing else may be added, the next of what is to go: events of deleted
// streams, those whose retention is over, and the oldest of a group that has more bytes than it
// may. Begins with the group `from` and says there where the next step begins; empty: all groups
// have been looked at.
[[nodiscard]] Status sweep_step(engine::Engine& engine, const Groups& groups,
                                const LogSettings& settings, int64_t now_milliseconds,
                                std::string& from, Batch& batch);

// The last of these for one group. False when it is not too large.
[[nodiscard]] Result<bool> shrink_step(engine::Engine& engine, const Group& group,
                                       const LogSettings& settings, Batch& batch);

}  // namespace millrace::logs
