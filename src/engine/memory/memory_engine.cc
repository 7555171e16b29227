#include "engine/memory/memory_engine.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "engine/memory/snapshot_map.h"
#include "engine/partition_logs.h"

namespace millrace::engine {
namespace {

struct Partition {
  SnapshotMap items;
  SnapshotMap records;  // by position, eight bytes big-endian
};

Bytes position_key(LogPosition position) {
  Bytes key;
  append_u64(key, position);
  return key;
}

void apply_mutation(SnapshotMap& items, Mutation& mutation) {
  if (auto* put = std::get_if<Put>(&mutation)) {
    items.put(std::move(put->key), std::move(put->value));
  } else if (auto* erase = std::get_if<Erase>(&mutation)) {
    items.erase(erase->key);
  } else if (auto* range = std::get_if<EraseRange>(&mutation)) {
    items.erase_range(range->from, range->to);
  } else {
    items.clear();
  }
}

class MemoryEngine final : public Engine {
 public:
  ~MemoryEngine() override {
    std::unique_lock lock(queue_mutex_);
    drained_.wait(lock, [this] { return !draining_; });
  }

  Result<std::optional<Bytes>> get(PartitionId partition, ByteView key) override {
    const SnapshotMap items = snapshot(partition).items;
    const Bytes* value = items.find(key);
    return value == nullptr ? std::nullopt : std::optional(*value);
  }

  Result<std::vector<std::optional<Bytes>>> get_all(const std::vector<Place>& places) override {
    std::vector<std::optional<Bytes>> values;
    values.reserve(places.size());
    std::lock_guard lock(mutex_);
    for (const Place& place : places) {
      const auto partition = partitions_.find(place.partition);
      const Bytes* value =
          partition == partitions_.end() ? nullptr : partition->second.items.find(place.key);
      values.push_back(value == nullptr ? std::nullopt : std::optional(*value));
    }
    return values;
  }

  Status scan(PartitionId partition, const KeyRange& range, Direction direction,
              const ScanVisitor& visit) override {
    snapshot(partition).items.scan(range, direction, visit);
    return Done{};
  }

  void commit(std::vector<PartitionCommit> commit, CommitDone done) override {
    enqueue([this, commit = std::move(commit), done = std::move(done)]() mutable {
      const auto ready = logs_.publish(apply(commit));
      done(Done{});
      for (const auto& call : ready) call();
    });
  }

  Status read_log(PartitionId partition, LogPosition from, const LogVisitor& visit) override {
    const LogPosition first = TRY(logs_.range(partition)).first;
    snapshot(partition).records.scan(
        {.from = position_key(std::max(from, first)), .to = {}}, Direction::kForward,
        [&](ByteView key, ByteView value) { return visit(*ByteReader(key).read_u64(), value); });
    return Done{};
  }

  Result<LogRange> log_range(PartitionId partition) override { return logs_.range(partition); }

  Result<uint64_t> log_bytes(PartitionId partition, LogPosition first, LogPosition next) override {
    uint64_t bytes = 0;
    snapshot(partition).records.scan({.from = position_key(first), .to = position_key(next)},
                                     Direction::kForward, [&](ByteView key, ByteView value) {
                                       bytes += key.size() + value.size();
                                       return true;
                                     });
    return bytes;
  }

  Status trim_log(PartitionId partition, LogPosition before) override {
    if (before <= TRY(logs_.trim(partition, before)).first) return Done{};
    enqueue([this, partition, before] {
      if (!logs_.trim(partition, before).ok()) return;
      std::lock_guard lock(mutex_);
      partitions_[partition].records.erase_below(
          position_key(logs_.range(partition).value().first));
    });
    return Done{};
  }

  void wait_log(PartitionId partition, LogPosition position, std::function<void()> ready) override {
    logs_.wait(partition, position, std::move(ready));
  }

  Status drop(PartitionId partition) override {
    std::lock_guard lock(mutex_);
    partitions_.erase(partition);
    logs_.forget(partition);
    return Done{};
  }

  [[nodiscard]] bool cheap_across_partitions() const override { return true; }

 private:
  Partition snapshot(PartitionId partition) {
    std::lock_guard lock(mutex_);
    const auto found = partitions_.find(partition);
    return found == partitions_.end() ? Partition{} : found->second;
  }

  PartitionLogs::Ranges apply(std::vector<PartitionCommit>& commit) {
    PartitionLogs::Ranges ranges;
    std::lock_guard lock(mutex_);
    for (PartitionCommit& part : commit) {
      Partition& partition = partitions_[part.partition];
      for (Mutation& mutation : part.mutations) apply_mutation(partition.items, mutation);
      if (part.records.empty()) continue;
      const LogRange before = logs_.range(part.partition).value();
      extend(ranges.try_emplace(part.partition, before).first->second, part.records);
      for (LogRecord& record : part.records) {
        partition.records.put(position_key(record.position), std::move(record.value));
      }
    }
    return ranges;
  }

  // Runs `work` in the order of the calls. A call from inside `work`, or while another thread runs
  // the queue, only joins it: so a commit made by `done` does not grow the stack.
  void enqueue(std::function<void()> work) {
    std::unique_lock lock(queue_mutex_);
    queue_.push_back(std::move(work));
    if (draining_) return;
    draining_ = true;
    while (!queue_.empty()) {
      std::function<void()> next = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      next();
      next = nullptr;
      lock.lock();
    }
    draining_ = false;
    drained_.notify_all();
  }

  PartitionLogs logs_{[](PartitionId) { return LogRange{.first = 1, .next = 1}; }};

  std::mutex mutex_;
  std::unordered_map<PartitionId, Partition> partitions_;  // guarded by mutex_

  std::mutex queue_mutex_;
  std::condition_variable drained_;
  std::deque<std::function<void()>> queue_;  // guarded by queue_mutex_
  bool draining_ = false;                    // guarded by queue_mutex_
};

}  // namespace

std::unique_ptr<Engine> open_memory_engine() {
  return std::make_unique<MemoryEngine>();
}

}  // namespace millrace::engine
