#pragma once

#include <string>

#include "base/result.h"
#include "cli/bench/endpoint.h"
#include "cli/bench/options.h"
#include "cli/client/call_signer.h"

namespace millrace::cli::bench {

// Creates the options' table on demand and waits until it is active. False when it was there
// before.
[[nodiscard]] Result<bool> create_table(const Endpoint& endpoint, CallSigner& signer,
                                        const BenchOptions& options);
[[nodiscard]] Status delete_table(const Endpoint& endpoint, CallSigner& signer,
                                  const std::string& table);

}  // namespace millrace::cli::bench
