#include "cli/bench/follow_run.h"

#include <deque>
#include <thread>

#include "cli/bench/follow_workload.h"
#include "cli/bench/load_loop.h"
#include "cli/bench/stream_calls.h"

namespace millrace::cli::bench {

namespace {

struct Follower {
  ShardFollower exchange;
  CallSigner signer;
  Status status = Done{};
  std::thread thread = {};
};

struct Reader {
  std::atomic<uint64_t> arrived = 0;
  std::deque<Follower> followers = {};  // one for each shard
};

Result<Tally> tally_of(const Reader& reader, const std::vector<SteadyTime>& answer_times) {
  std::vector<Arrival> arrivals;
  Tally tally;
  for (const Follower& follower : reader.followers) {
    TRY(follower.status);
    tally.merge(follower.exchange.tally());
    const std::vector<Arrival>& more = follower.exchange.arrivals();
    arrivals.insert(arrivals.end(), more.begin(), more.end());
  }
  tally.merge(arrival_tally(answer_times, arrivals));
  return tally;
}

}  // namespace

Result<BenchReport> run_follow(const BenchOptions& options, const Endpoint& endpoint,
                               const std::function<CallSigner()>& make_signer) {
  CallSigner signer = make_signer();
  const auto iterators = TRY(latest_iterators(endpoint, signer, options.table));
  const auto timeout = seconds_of(options.timeout_seconds);
  FollowProgress progress;
  std::deque<Reader> readers(options.readers);
  for (Reader& reader : readers) {
    for (const std::string& iterator : iterators) {
      Follower& follower = reader.followers.emplace_back(
          Follower{ShardFollower(iterator, progress, reader.arrived), make_signer()});
      follower.thread = std::thread([&endpoint, timeout, &follower] {
        follower.status = run_load(endpoint, 1, timeout, follower.signer, follower.exchange);
      });
    }
  }

  const SteadyTime begin = std::chrono::steady_clock::now();
  PacedPuts puts(options, options.seed * 1'000'003, begin, progress);
  const Status written = run_load(endpoint, options.connections, timeout, signer, puts);
  const SteadyTime end = std::chrono::steady_clock::now();
  progress.written = true;
  for (Reader& reader : readers) {
    for (Follower& follower : reader.followers) follower.thread.join();
  }
  TRY(written);

  BenchReport report;
  report.seconds = std::chrono::duration<double>(end - begin).count();
  report.puts = progress.acknowledged;
  report.tally = puts.tally();
  for (const Reader& reader : readers) {
    report.tally.merge(TRY(tally_of(reader, puts.answer_times())));
  }
  return report;
}

}  // namespace millrace::cli::bench
