#include "ops/record_waits.h"

namespace millrace::ops {

RecordWaits::RecordWaits(engine::Engine& engine, catalog::Catalog& catalog)
    : engine_(engine),
      catalog_(catalog),
      listener_(catalog.add_listener(
          [this](const catalog::Change& change) { on_catalog_change(change); })) {}

RecordWaits::~RecordWaits() {
  catalog_.remove_listener(listener_);
  stop();
}

uint64_t RecordWaits::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

size_t RecordWaits::waiting() const {
  std::lock_guard lock(mutex_);
  return deadlines_.size();
}

void RecordWaits::wait(engine::PartitionId partition, engine::LogPosition position,
                       uint64_t seen_changes, SteadyTime deadline, Woken woken) {
  bool await_log = false;
  {
    std::unique_lock lock(mutex_);
    if (stopping_) {
      lock.unlock();
      return woken(WaitEnd::kOver);
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    if (seen_changes != changes_) {
      due_.push_back({std::move(woken), WaitEnd::kLook});
      wake_.notify_one();
      return;
    }
    add_reader(partition, deadline, std::move(woken));
    auto& awaited = partitions_[partition].awaited;
    await_log = !awaited || position < *awaited;
    if (await_log) awaited = position;
  }
  if (!await_log) return;
  engine_.wait_log(partition, position,
                   [this, partition, position] { on_log(partition, position); });
}

void RecordWaits::add_reader(engine::PartitionId partition, SteadyTime deadline, Woken woken) {
  Readers& readers = partitions_[partition].readers;
  const auto reader = readers.insert(readers.end(), Reader{std::move(woken), {}});
  reader->deadline = deadlines_.emplace(deadline, Deadline{partition, reader});
  if (reader->deadline == deadlines_.begin()) wake_.notify_one();
}

// On a thread of the engine's, or within wait().
void RecordWaits::on_log(engine::PartitionId partition, engine::LogPosition awaited) {
  std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  if (found == partitions_.end()) return;
  if (found->second.awaited == awaited) found->second.awaited.reset();
  wake_partition(found->second, WaitEnd::kLook);
  if (!found->second.awaited) partitions_.erase(found);
}

void RecordWaits::on_catalog_change(const catalog::Change& change) {
  if (change.streams.empty() && change.dropped_streams.empty()) return;
  std::lock_guard lock(mutex_);
  ++changes_;
  if (deadlines_.empty()) return;
  for (const auto* streams : {&change.streams, &change.dropped_streams}) {
    for (const catalog::StreamPointer& stream : *streams) {
      for (const catalog::Shard& shard : stream->shards) {
        const auto found = partitions_.find(shard.partition);
        if (found != partitions_.end()) wake_partition(found->second, WaitEnd::kLook);
      }
    }
  }
}

void RecordWaits::forget(engine::PartitionId partition) {
  std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  if (found == partitions_.end()) return;
  wake_partition(found->second, WaitEnd::kLook);
  partitions_.erase(found);
}

void RecordWaits::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_all();
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void RecordWaits::wake_partition(Partition& partition, WaitEnd end) {
  if (partition.readers.empty()) return;
  for (Reader& reader : partition.readers) {
    deadlines_.erase(reader.deadline);
    due_.push_back({std::move(reader.woken), end});
  }
  partition.readers.clear();
  wake_.notify_one();
}

void RecordWaits::wake_overdue() {
  const auto now = std::chrono::steady_clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const Deadline overdue = deadlines_.begin()->second;
    deadlines_.erase(deadlines_.begin());
    due_.push_back({std::move(overdue.reader->woken), WaitEnd::kOver});
    const auto partition = partitions_.find(overdue.partition);
    partition->second.readers.erase(overdue.reader);
  }
}

void RecordWaits::wake_all() {
  for (auto& [id, partition] : partitions_) wake_partition(partition, WaitEnd::kOver);
}

void RecordWaits::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_overdue();
    if (!due_.empty()) {
      std::vector<Due> due;
      due.swap(due_);
      lock.unlock();
      for (const Due& each : due) each.woken(each.end);
      due.clear();
      lock.lock();
    } else if (stopping_) {
      return;
    } else if (deadlines_.empty()) {
      wake_.wait(lock);
    } else {
      // A copy: the entry may go while the lock is released.
      const SteadyTime deadline = deadlines_.begin()->first;
      wake_.wait_until(lock, deadline);
    }
  }
}

}  // namespace millrace::ops
