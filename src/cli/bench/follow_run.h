#pragma once

#include <functional>

#include "base/result.h"
#include "cli/bench/endpoint.h"
#include "cli/bench/options.h"
#include "cli/bench/report.h"
#include "cli/client/call_signer.h"

namespace millrace::cli::bench {

// Runs the follow workload on a table with a stream, whose items are loaded. The readers follow the
// shards that are open at the start, each shard on a thread of its own; records behind the end of
// one that closes meanwhile are missing. The report lacks the CPU time.
[[nodiscard]] Result<BenchReport> run_follow(const BenchOptions& options, const Endpoint& endpoint,
                                             const std::function<CallSigner()>& make_signer);

}  // namespace millrace::cli::bench
