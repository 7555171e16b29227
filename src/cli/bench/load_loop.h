#pragma once

#include "base/result.h"
#include "cli/bench/endpoint.h"
#include "cli/bench/exchange.h"
#include "cli/client/call_signer.h"

namespace millrace::cli::bench {

// Opens `connections` and keeps one call in flight on each of them, on this thread, until
// `exchange` has no more. A connection that breaks, or waits longer than `timeout` for an answer,
// tells so to `exchange` and is used no more. ServiceUnavailableException when one cannot be
// opened.
[[nodiscard]] Status run_load(const Endpoint& endpoint, size_t connections,
                              std::chrono::nanoseconds timeout, CallSigner& signer,
                              Exchange& exchange);

}  // namespace millrace::cli::bench
