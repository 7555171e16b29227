// The end of what streams no longer keep: old records, closed shards whose records are all too old,
// and streams that were disabled long ago, also of tables that are gone.
#pragma once

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

// Trims and removes all that is over by now. Costs a few reads a log, however long it is.
[[nodiscard]] Status sweep_streams(ops::Database& database);

// Sweeps as often as the shortest retention asks for, and not more often when the catalog changes.
class Retention {
 public:
  explicit Retention(ops::Database& database) : database_(database) {}

  [[nodiscard]] Result<Pause> step();

 private:
  ops::Database& database_;
  int64_t swept_milliseconds_ = 0;
};

}  // namespace millrace::jobs
