// Following a stream: puts at a steady rate, and readers that wait at the ends of the shards. What
// is measured is the time from the answer to a put until a reader has its record.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/bench/workload.h"

namespace millrace::cli::bench {

// What the writers and the readers of one run share.
struct FollowProgress {
  std::atomic<uint64_t> acknowledged = 0;  // puts
  std::atomic<bool> written = false;       // whether all the puts are over
};

// Puts, in turn over the items, so many a second as the options say, until there are as many as
// they say. Each put is marked with its number. When the answers are late, the puts that are due
// follow as soon as a connection is free.
class PacedPuts final : public TalliedExchange {
 public:
  PacedPuts(const BenchOptions& options, uint64_t seed, SteadyTime begin, FollowProgress& progress);

  bool next(SteadyTime now, Call& call) override;
  [[nodiscard]] SteadyTime not_before() const override { return not_before_; }
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override;

  // When each put was answered, by its number; the clock's epoch where it was not, or with an
  // error.
  [[nodiscard]] const std::vector<SteadyTime>& answer_times() const { return answer_times_; }

 private:
  const BenchOptions& options_;
  ItemCalls calls_;
  const SteadyTime begin_;
  FollowProgress& progress_;
  SteadyTime not_before_ = SteadyTime::min();
  uint64_t sent_ = 0;
  std::vector<SteadyTime> answer_times_;
};

// A record that a reader received: of which put, and when.
struct Arrival {
  uint64_t put;
  SteadyTime at;
};

// Follows one shard on one connection, until everything that was acknowledged has arrived at its
// reader, or for some seconds after the last put.
class ShardFollower final : public TalliedExchange {
 public:
  // `arrived` counts over all shards that the reader follows.
  ShardFollower(std::string iterator, const FollowProgress& progress,
                std::atomic<uint64_t>& arrived)
      : iterator_(std::move(iterator)), progress_(progress), arrived_(arrived) {}

  bool next(SteadyTime now, Call& call) override;
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override;

  [[nodiscard]] const std::vector<Arrival>& arrivals() const { return arrivals_; }

 private:
  std::string iterator_;  // empty: there is nothing more to read
  const FollowProgress& progress_;
  std::atomic<uint64_t>& arrived_;
  std::optional<SteadyTime> give_up_;
  std::vector<Arrival> arrivals_;
};

// Number of puts that the options ask for.
[[nodiscard]] uint64_t follow_puts(const BenchOptions& options);
// The numbers of the puts whose records are in the answer to GetRecords, by their new images.
[[nodiscard]] std::vector<uint64_t> puts_of_records(std::string_view body);
// What one reader measured. A record that came before the put's answer counts as no time. Errors
// are "MissingRecord" for an acknowledged put and "DoubledRecord".
[[nodiscard]] Tally arrival_tally(const std::vector<SteadyTime>& answer_times,
                                  const std::vector<Arrival>& arrivals);

}  // namespace millrace::cli::bench
