#pragma once

#include <string>

#include "cli/bench/options.h"
#include "cli/bench/tally.h"

namespace millrace::cli::bench {

struct BenchReport {
  Tally tally;
  double seconds = 0;  // that the workload took
  std::optional<uint64_t> puts =
      std::nullopt;                  // of the follow workload, whose latencies are those of records
  double generator_cpu_seconds = 0;  // of this process meanwhile
};

[[nodiscard]] std::string_view workload_name(Workload workload);
// For people: some lines of text.
[[nodiscard]] std::string to_text(const BenchOptions& options, const BenchReport& report);
// One object on one line.
[[nodiscard]] std::string to_json(const BenchOptions& options, const BenchReport& report);

}  // namespace millrace::cli::bench
