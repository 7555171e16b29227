// Makes the entries of the items that were there before an index was added, or before TTL was
// enabled. How far it has come is stored with the entries, so that it goes on after a restart.
#pragma once

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

// One step of every index that is being built: a few hundred items, or its end.
[[nodiscard]] Result<Pause> backfill_step(ops::Database& database);

}  // namespace millrace::jobs
