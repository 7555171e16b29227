// Time to Live: deletes the items whose time has passed, as the service's own doing
// (Developer Guide, "Using time to live (TTL) in DynamoDB").
#pragma once

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

// Deletes the next expired items of every table with TTL. `pause` when none is left for
// now, none when no table has TTL.
[[nodiscard]] Result<Pause> sweep_step(ops::Database& database, std::chrono::milliseconds pause);

}  // namespace millrace::jobs
