#include "engine/partition_logs.h"

#include <algorithm>

#include "base/log.h"

namespace millrace::engine {

Result<PartitionLogs::PartitionLog*> PartitionLogs::find(PartitionId partition,
                                                         std::unique_lock<std::mutex>& lock) {
  auto found = logs_.find(partition);
  if (found == logs_.end()) {
    lock.unlock();
    Result<LogRange> loaded = load_(partition);
    lock.lock();
    if (!loaded.ok()) return std::move(loaded).error();
    found = logs_.try_emplace(partition, PartitionLog{*loaded, {}}).first;
  }
  return &found->second;
}

Result<LogRange> PartitionLogs::range(PartitionId partition) {
  std::unique_lock lock(mutex_);
  PartitionLog* log = TRY(find(partition, lock));
  return log->range;
}

Result<LogRange> PartitionLogs::trim(PartitionId partition, LogPosition before) {
  std::unique_lock lock(mutex_);
  PartitionLog* log = TRY(find(partition, lock));
  const LogRange was = log->range;
  log->range.first = std::max(was.first, std::min(before, was.next));
  return was;
}

std::vector<PartitionLogs::Ready> PartitionLogs::publish(const Ranges& ranges) {
  std::vector<Ready> ready;
  std::lock_guard lock(mutex_);
  for (const auto& [partition, range] : ranges) {
    const auto found = logs_.find(partition);
    if (found == logs_.end()) continue;
    PartitionLog& log = found->second;
    MILLRACE_CHECK(range.next >= log.range.next);
    log.range = {.first = std::max(log.range.first, range.first), .next = range.next};
    if (log.range.first == log.range.next) continue;
    const auto end = log.waits.lower_bound(log.range.next);
    for (auto wait = log.waits.begin(); wait != end; ++wait) {
      ready.push_back(std::move(wait->second));
    }
    log.waits.erase(log.waits.begin(), end);
  }
  return ready;
}

void PartitionLogs::wait(PartitionId partition, LogPosition position, Ready ready) {
  std::unique_lock lock(mutex_);
  Result<PartitionLog*> found = find(partition, lock);
  if (found.ok()) {
    PartitionLog& log = **found;
    if (log.range.first == log.range.next || log.range.next <= position) {
      log.waits.emplace(position, std::move(ready));
      return;
    }
  } else {
    log::error("log range cannot be read",
               {{"partition", std::to_string(partition)}, {"error", found.error().message}});
  }
  lock.unlock();
  ready();
}

void PartitionLogs::forget(PartitionId partition) {
  std::unordered_map<PartitionId, PartitionLog>::node_type dropped;
  std::lock_guard lock(mutex_);
  dropped = logs_.extract(partition);
}

void extend(LogRange& range, const std::vector<LogRecord>& records) {
  for (const LogRecord& record : records) {
    MILLRACE_CHECK(record.position >= range.next);
    MILLRACE_CHECK(record.position < UINT64_MAX);
    range.next = record.position + 1;
  }
}

}  // namespace millrace::engine
