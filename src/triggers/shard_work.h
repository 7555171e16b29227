// A mapping's work on one shard: its lanes, and what becomes of them when their number changes.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "triggers/lane.h"

namespace millrace::triggers {

// For tasks of the scheduler only.
class ShardWork : public std::enable_shared_from_this<ShardWork> {
 public:
  // Goes on from `checkpoint`. `on_end` is posted once, when the shard is finished, and that is
  // stored, or the work was stopped.
  ShardWork(MappingContextPointer context, EventSource source, engine::PartitionId partition,
            ShardCheckpoint checkpoint, std::function<void()> on_end);

  void start();
  // The mapping has changed. Another parallelization factor takes effect when what has been read
  // under the old one is worked off, so that no key is worked on in two lanes.
  void update();
  void stop();

  [[nodiscard]] bool is_finished() const { return checkpoint_.finished; }
  [[nodiscard]] bool is_stopped() const { return stopped_; }
  [[nodiscard]] engine::PartitionId partition() const { return partition_; }
  // All of the shard's records below are worked off.
  [[nodiscard]] engine::LogPosition position() const;

 private:
  void start_lanes();
  // Sees to it that lanes end where one of them has read to, if there are to be more or fewer.
  void change_lane_count();
  void on_lane_end();
  void replace_lanes();
  void finish();
  void store(std::function<void()> then);

  const MappingContextPointer context_;
  const EventSource source_;
  const engine::PartitionId partition_;
  const std::function<void()> on_end_;
  ShardCheckpoint checkpoint_;  // its lanes are where they began
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::optional<engine::LogPosition> replace_at_;  // where the lanes of the old number end
  bool stopping_ = false;
  bool stopped_ = false;
  bool storing_ = false;
};

}  // namespace millrace::triggers
