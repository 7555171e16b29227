// Time to Live: deletes the items whose time has passed, as the service's own doing
// (Developer Guide, "Using time to live (TTL) in DynamoDB").
#pragma once

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

// Deletes the next expired items of every table with TTL. kDone when none is left for now, kNothing
// when no table has TTL.
[[nodiscard]] Result<Step> sweep_step(ops::Database& database);

}  // namespace millrace::jobs
