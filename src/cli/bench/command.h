// `millrace bench`: a load test of a server that speaks DynamoDB's API.
#pragma once

#include <CLI/App.hpp>

#include "cli/bench/options.h"

namespace millrace::cli::bench {

struct BenchFlags {
  BenchOptions options;
  bool json = false;
};

// Adds the subcommand "bench", which fills in `flags`; they must outlive the parsing.
void add_bench_command(CLI::App& app, BenchFlags& flags);
// Runs it and prints the report on stdout. The exit status: 1 when it could not be run or a request
// failed.
[[nodiscard]] int run_bench_command(const BenchFlags& flags);

}  // namespace millrace::cli::bench
