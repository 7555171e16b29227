// Reading a stream: GetRecords from one position of one shard to its end, and again.
#pragma once

#include "cli/bench/workload.h"

namespace millrace::cli::bench {

// Every connection reads the shard by itself. Until `deadline` or, where the options limit
// requests, until all that share `counter` have made so many.
class RecordsExchange final : public TalliedExchange {
 public:
  RecordsExchange(const BenchOptions& options, std::string iterator, SteadyTime deadline,
                  std::atomic<uint64_t>& counter)
      : options_(options), start_(std::move(iterator)), deadline_(deadline), counter_(counter) {}

  bool next(SteadyTime now, Call& call) override;
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override;

 private:
  const BenchOptions& options_;
  const std::string start_;
  const SteadyTime deadline_;
  std::atomic<uint64_t>& counter_;
  // Where connections that have no request in flight go on; those that are not in it, at the start.
  std::vector<std::string> iterators_;
};

}  // namespace millrace::cli::bench
