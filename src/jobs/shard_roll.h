// Rolls the shards of enabled streams over when they are old enough, so that what is trimmed later
// is in shards of its own (Developer Guide, "Change data capture for DynamoDB Streams").
#pragma once

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

[[nodiscard]] Result<Pause> roll_step(ops::Database& database);

}  // namespace millrace::jobs
