#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cli/bench/exchange.h"
#include "cli/bench/latency_histogram.h"

namespace millrace::cli::bench {

// What came of many calls.
struct Tally {
  LatencyHistogram latencies;                    // of the successful ones
  std::map<std::string, uint64_t> error_counts;  // by type: see failure_of()
  uint64_t records = 0;                          // that were read, of a stream or by a scan

  void add(const Call& call, const Answer& answer, std::chrono::nanoseconds latency);
  void merge(const Tally& other);
  [[nodiscard]] uint64_t errors() const;
};

// Empty for success; else the error's name in the API, "HTTP 500" when the body has none, "NoItem"
// for a GetItem or a Query that found nothing, or the failure of the connection.
[[nodiscard]] std::string failure_of(const Call& call, const Answer& answer);

}  // namespace millrace::cli::bench
