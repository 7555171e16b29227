#include "ops/stream_readers.h"

#include <algorithm>

namespace millrace::ops {
namespace {

constexpr size_t kReadersMax = 10'000;

}  // namespace

void StreamReaders::note(uint64_t reader, const Place& place, SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (readings_.size() >= kReadersMax && !readings_.contains(reader)) {
    std::erase_if(readings_, [&](const auto& entry) { return entry.second.at < now - kAgeMax; });
    if (readings_.size() >= kReadersMax) readings_.clear();
  }
  readings_[reader] = {place, now};
}

std::optional<engine::LogPosition> StreamReaders::slowest(engine::PartitionId partition,
                                                          engine::LogPosition shard_first,
                                                          SteadyTime now) const {
  std::optional<engine::LogPosition> slowest;
  std::lock_guard lock(mutex_);
  for (const auto& [reader, reading] : readings_) {
    const Place& place = reading.place;
    const bool reads_it = place.partition == partition && place.shard_first == shard_first;
    if (!reads_it || reading.at < now - kAgeMax) continue;
    slowest = std::min(slowest.value_or(place.next), place.next);
  }
  return slowest;
}

}  // namespace millrace::ops
