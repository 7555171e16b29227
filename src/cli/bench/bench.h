#pragma once

#include "base/result.h"
#include "cli/bench/options.h"
#include "cli/bench/report.h"

namespace millrace::cli::bench {

// Creates the table unless it is there, loads the items that the workload reads, runs the workload,
// and deletes the table when it was created here. An error when the endpoint or an option is
// unusable, or when the table or the items cannot be written. Failed requests of the workload are
// in the report.
[[nodiscard]] Result<BenchReport> run_bench(const BenchOptions& options);

}  // namespace millrace::cli::bench
