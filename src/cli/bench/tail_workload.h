// Writing at a steady rate while one connection follows the stream: how long after a write is
// acknowledged does a reader that waits for it have its record.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "cli/bench/workload.h"

namespace millrace::cli::bench {

// The tally's latencies are those from acknowledgement to record; zero for a record that came
// first.
class TailExchange final : public TalliedExchange {
 public:
  // `iterator`: of the shard's end.
  TailExchange(const BenchOptions& options, uint64_t seed, std::string iterator, SteadyTime begin,
               SteadyTime deadline)
      : options_(options),
        calls_(options, seed),
        iterator_(std::move(iterator)),
        begin_(begin),
        deadline_(deadline) {}

  bool next(SteadyTime now, Call& call) override;
  [[nodiscard]] SteadyTime not_before() const override { return not_before_; }
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override;

 private:
  void acknowledged(uint64_t key, SteadyTime now);
  void seen(uint64_t key, SteadyTime now);

  const BenchOptions& options_;
  ItemCalls calls_;
  std::string iterator_;
  const SteadyTime begin_;
  const SteadyTime deadline_;
  SteadyTime not_before_ = SteadyTime::min();
  bool reader_is_free_ = true;
  uint64_t writes_ = 0;
  std::unordered_map<uint64_t, SteadyTime> acknowledged_;  // that have not been seen
  std::unordered_set<uint64_t> seen_;                      // that have not been acknowledged
};

}  // namespace millrace::cli::bench
