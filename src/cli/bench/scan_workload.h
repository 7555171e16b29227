// Scanning a table: page by page to its end, and again.
#pragma once

#include "cli/bench/workload.h"

namespace millrace::cli::bench {

// Every connection scans the whole table by itself. Until `deadline` or, where the options limit
// requests, until all that share `counter` have made so many.
class ScanExchange final : public TalliedExchange {
 public:
  ScanExchange(const BenchOptions& options, SteadyTime deadline, std::atomic<uint64_t>& counter)
      : options_(options), deadline_(deadline), counter_(counter) {}

  bool next(SteadyTime now, Call& call) override;
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override;

 private:
  const BenchOptions& options_;
  const SteadyTime deadline_;
  std::atomic<uint64_t>& counter_;
  // Behind which connections that have no request in flight go on; those that are not in it, at the
  // start.
  std::vector<std::string> last_keys_;
};

// Pages are searched, not parsed: the generator shares the machine with the server.

// Of the page's items; 0 when it does not tell.
[[nodiscard]] uint64_t count_items(std::string_view page);
// The id behind which the next page begins. nullopt on the last page.
[[nodiscard]] std::optional<std::string_view> last_evaluated_id(std::string_view page);

}  // namespace millrace::cli::bench
