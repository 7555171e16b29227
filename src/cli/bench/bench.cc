#include "cli/bench/bench.h"

#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include "cli/bench/bench_table.h"
#include "cli/bench/follow_run.h"
#include "cli/bench/load_loop.h"
#include "cli/bench/records_workload.h"
#include "cli/bench/scan_workload.h"
#include "cli/bench/stream_calls.h"
#include "cli/bench/workload.h"
#include "model/item_size.h"

namespace millrace::cli::bench {

namespace {

constexpr double kSecondsMax = 86'400;

Error unusable(std::string why) {
  return {ErrorCode::kInvalidConfiguration, std::move(why)};
}

Status check_follow(const BenchOptions& options) {
  if (options.writes_per_second == 0) return unusable("there must be at least one put a second");
  if (options.readers == 0) return unusable("there must be at least one reader");
  if (options.threads > 1) {
    return unusable("the workload follow takes one thread, and one for each reader's shard");
  }
  if (options.stream_view_type == "KEYS_ONLY" || options.stream_view_type == "OLD_IMAGE") {
    return unusable("the workload follow takes new images from the stream");
  }
  return Done{};
}

Status check(const BenchOptions& options) {
  if (options.threads == 0) return unusable("there must be at least one thread");
  if (options.connections < options.threads) {
    return unusable("there must be at least as many connections as threads");
  }
  if (options.items == 0) return unusable("there must be at least one item");
  if (options.item_bytes < ItemCalls::kItemBytesMin || options.item_bytes > kItemBytesMax) {
    return unusable("an item has " + std::to_string(ItemCalls::kItemBytesMin) + " to " +
                    std::to_string(kItemBytesMax) + " bytes");
  }
  if (!(options.seconds > 0 && options.seconds <= kSecondsMax)) {
    return unusable("a run takes more than zero seconds and at most a day");
  }
  if (!(options.timeout_seconds > 0 && options.timeout_seconds <= kSecondsMax)) {
    return unusable("an answer may take more than zero seconds and at most a day");
  }
  if (options.workload == Workload::kFollow) return check_follow(options);
  return Done{};
}

std::string environment_or(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return std::string(value != nullptr ? value : otherwise);
}

// Made-up ones where the environment has none, as a server in open mode accepts any.
auth::SigningCredentials credentials_of_environment() {
  return {environment_or("AWS_ACCESS_KEY_ID", "bench"),
          environment_or("AWS_SECRET_ACCESS_KEY", "bench"),
          environment_or("AWS_SESSION_TOKEN", "")};
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Bench {
 public:
  Bench(const BenchOptions& options, Endpoint endpoint)
      : options_(options), endpoint_(std::move(endpoint)) {}

  Result<BenchReport> run() {
    CallSigner signer = make_signer();
    const bool created = TRY(create_table(endpoint_, signer, options_));
    Result<BenchReport> report = measure();
    if (created && !options_.keep_table) {
      Status deleted = delete_table(endpoint_, signer, options_.table);
      if (report.ok() && !deleted.ok()) return deleted.error();
    }
    return report;
  }

 private:
  [[nodiscard]] CallSigner make_signer() const {
    return {endpoint_.host, credentials_of_environment(), options_.region, clock_};
  }

  // Makes the exchange of one thread.
  using MakeExchange = std::function<std::unique_ptr<TalliedExchange>(uint64_t seed)>;

  Result<BenchReport> measure() {
    const bool writes_whole_items =
        options_.workload == Workload::kPut || options_.workload == Workload::kTransact;
    if (!writes_whole_items && !options_.loaded) TRY(load_items(0));
    if (options_.workload == Workload::kFollow) return measure_follow();
    const std::string iterator = TRY(first_iterator());
    BenchReport report;
    std::atomic<uint64_t> counter = 0;
    const double cpu_before = cpu_seconds();
    const SteadyTime begin = std::chrono::steady_clock::now();
    report.tally = TRY(run_on_threads([&](uint64_t seed) -> std::unique_ptr<TalliedExchange> {
      const SteadyTime deadline = begin + seconds_of(options_.seconds);
      if (options_.workload == Workload::kRecords) {
        return std::make_unique<RecordsExchange>(options_, iterator, deadline, counter);
      }
      if (options_.workload == Workload::kScan) {
        return std::make_unique<ScanExchange>(options_, deadline, counter);
      }
      return std::make_unique<WorkloadExchange>(options_, seed, deadline, counter);
    }));
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    report.generator_cpu_seconds = cpu_seconds() - cpu_before;
    return report;
  }

  Result<BenchReport> measure_follow() {
    const double cpu_before = cpu_seconds();
    BenchReport report = TRY(run_follow(options_, endpoint_, [this] { return make_signer(); }));
    report.generator_cpu_seconds = cpu_seconds() - cpu_before;
    return report;
  }

  // Where a workload begins to read the stream; empty for those that do not.
  Result<std::string> first_iterator() {
    if (options_.workload != Workload::kRecords) return std::string();
    const bool from_oldest = options_.loaded;
    CallSigner signer = make_signer();
    std::string iterator = TRY(stream_iterator(endpoint_, signer, options_.table,
                                               from_oldest ? "TRIM_HORIZON" : "LATEST"));
    // Changes every item once more, so that the records have both images.
    if (options_.workload == Workload::kRecords && !options_.loaded) TRY(load_items(1));
    return iterator;
  }

  // Each `round` with other payloads.
  Status load_items(uint64_t round) {
    std::atomic<uint64_t> counter = 0;
    Tally tally = TRY(run_on_threads([&](uint64_t seed) {
      return std::make_unique<LoadExchange>(options_, seed + round * 500'009, counter);
    }));
    if (tally.error_counts.empty()) return Done{};
    return Error{
        ErrorCode::kServiceUnavailableException,
        "loading the items failed, among others with " + tally.error_counts.begin()->first};
  }

  // Spreads the connections over the threads.
  Result<Tally> run_on_threads(const MakeExchange& make) {
    std::vector<std::unique_ptr<TalliedExchange>> exchanges;
    std::vector<Status> statuses(options_.threads, Done{});
    std::vector<std::thread> threads;
    for (size_t i = 0; i < options_.threads; ++i) {
      exchanges.push_back(make(options_.seed * 1'000'003 + i));
      const size_t share = options_.connections / options_.threads +
                           (i < options_.connections % options_.threads ? 1 : 0);
      threads.emplace_back([this, share, exchange = exchanges[i].get(), &status = statuses[i]] {
        CallSigner signer = make_signer();
        status =
            run_load(endpoint_, share, seconds_of(options_.timeout_seconds), signer, *exchange);
      });
    }
    for (std::thread& thread : threads) thread.join();

    Tally tally;
    for (size_t i = 0; i < options_.threads; ++i) {
      TRY(statuses[i]);
      tally.merge(exchanges[i]->tally());
    }
    return tally;
  }

  const BenchOptions& options_;
  const Endpoint endpoint_;
  const SystemClock clock_;
};

}  // namespace

Result<BenchReport> run_bench(const BenchOptions& options) {
  TRY(check(options));
  return Bench(options, TRY(parse_endpoint(options.endpoint))).run();
}

}  // namespace millrace::cli::bench
