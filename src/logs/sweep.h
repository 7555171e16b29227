// Erases events that no longer count, a bounded number at a time.
#pragma once

#include "logs/batch.h"
#include "logs/settings.h"

namespace millrace::logs {

// Adds to `batch`, to which nothing else may be added, the next of what is to go: events of deleted
// streams, those whose retention is over, and the oldest of a group that has more bytes than it
// may. False when nothing is.
[[nodiscard]] Result<bool> sweep_step(engine::Engine& engine, const Groups& groups,
                                      const LogSettings& settings, int64_t now_milliseconds,
                                      Batch& batch);

// The same for one group that may have too many bytes.
[[nodiscard]] Result<bool> shrink_step(engine::Engine& engine, const Group& group,
                                       const LogSettings& settings, Batch& batch);

}  // namespace millrace::logs
