#include "cli/stream/tail.h"

#include <condition_variable>
#include <thread>

#include "cli/stream/sequence_order.h"
#include "cli/stream/sequence_search.h"
#include "cli/stream/shard_reader.h"

namespace millrace::cli::stream {

namespace {

constexpr auto kTimeout = std::chrono::seconds(60);
constexpr auto kTick = std::chrono::seconds(1);
// Children may be listed later than their parent ends, though not by Millrace.
constexpr auto kUpdatePeriod = std::chrono::seconds(30);
// Of shards that have an end; those that are open are all read.
constexpr size_t kClosedReadersMax = 32;
constexpr size_t kAttemptsMax = 4;

// A reader's end, told by its thread.
struct Finished {
  std::string shard_id;
  Status status;
};

class FinishedQueue {
 public:
  void push(Finished finished) {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(finished));
    filled_.notify_one();
  }
  // Waits for one for at most a tick.
  std::vector<Finished> take() {
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, kTick, [this] { return !queue_.empty(); });
    return std::exchange(queue_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::vector<Finished> queue_;
};

// Starts a reader for each shard whose turn it is. All but the readers runs on the caller's thread.
class Tail {
 public:
  Tail(const Connection& connection, const Clock& clock, const TailOptions& options,
       RecordSink& sink, Warnings& warnings)
      : options_(options),
        reading_{connection,
                 clock,
                 options.stream_arn,
                 options.follows,
                 options.wait,
                 stop_,
                 warnings,
                 {stop_, warnings, options.follows ? std::nullopt : std::optional(kAttemptsMax)},
                 sink},
        client_(connection, clock, kTimeout) {}

  Status run() {
    const auto description = TRY(describe_stream(client_, options_.stream_arn));
    ShardLineage lineage = TRY(make_lineage(description.shards));
    Status status = read_all(lineage, description.is_live());
    stop_.raise();
    for (auto& [shard_id, thread] : threads_) thread.join();
    if (reading_.sink.is_closed()) return Done{};
    return status;
  }

 private:
  Result<ShardLineage> make_lineage(const std::vector<ShardDescription>& shards) {
    const Position& from = options_.from;
    if (from.kind != Position::Kind::kAt) return ShardLineage(shards, from);
    const auto holders = TRY(find_sequence_number(client_, reading_.patience, options_.stream_arn,
                                                  shards, from.sequence_number));
    if (!holders.empty()) return ShardLineage(shards, holders, from);
    const bool is_trimmed = std::ranges::all_of(shards, [&](const ShardDescription& shard) {
      return sequence_precedes(from.sequence_number, shard.first_sequence_number);
    });
    if (!is_trimmed) {
      return Error{ErrorCode::kResourceNotFoundException,
                   "no shard of the stream holds the sequence number " + from.sequence_number};
    }
    reading_.warnings.warn("the sequence number " + from.sequence_number +
                           " was trimmed; beginning with the oldest");
    return ShardLineage(shards, Position{});
  }

  Status read_all(ShardLineage& lineage, bool is_live) {
    for (;;) {
      start_ready(lineage);
      const bool is_idle = threads_.empty();
      if (is_idle && !(options_.follows && is_live)) return Done{};
      const auto all_finished = finished_.take();
      if (reading_.sink.is_closed()) return Done{};
      for (const Finished& finished : all_finished) {
        threads_.extract(finished.shard_id).mapped().join();
        TRY(finished.status);
        lineage.finish(finished.shard_id);
      }
      const bool is_due = is_idle || !all_finished.empty() ||
                          std::chrono::steady_clock::now() - updated_at_ > kUpdatePeriod;
      if (options_.follows && is_due) is_live = TRY(update(lineage));
    }
  }

  // Whether the stream is live.
  Result<bool> update(ShardLineage& lineage) {
    updated_at_ = std::chrono::steady_clock::now();
    auto description =
        reading_.patience([&] { return describe_stream(client_, options_.stream_arn); });
    if (!description.ok()) {
      // A stream that was disabled long ago, and is gone.
      if (description.error().code == ErrorCode::kResourceNotFoundException) return false;
      return description.error();
    }
    lineage.update(description->shards);
    return description->is_live();
  }

  void start_ready(ShardLineage& lineage) {
    for (ShardStart& start : lineage.ready()) {
      if (!start.shard.is_open() && threads_.size() >= kClosedReadersMax) continue;
      const std::string id = start.shard.id;
      lineage.begin(id);
      threads_.emplace(id, [this, start = std::move(start)]() mutable {
        std::string shard_id = start.shard.id;
        Status status = ShardReader(reading_, std::move(start)).run();
        finished_.push({std::move(shard_id), std::move(status)});
      });
    }
  }

  const TailOptions& options_;
  StopSignal stop_;
  const Reading reading_;
  ServiceClient client_;
  FinishedQueue finished_;
  std::map<std::string, std::thread> threads_;  // by shard id
  std::chrono::steady_clock::time_point updated_at_ = std::chrono::steady_clock::now();
};

}  // namespace

Status tail(const Connection& connection, const Clock& clock, const TailOptions& options,
            RecordSink& sink, Warnings& warnings) {
  return Tail(connection, clock, options, sink, warnings).run();
}

}  // namespace millrace::cli::stream
