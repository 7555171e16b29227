// All the work of one mapping: which shards of its stream are worked on, parents before children,
// from where, and how the mapping's state follows what was asked of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "triggers/mapping_store.h"
#include "triggers/shard_work.h"

namespace millrace::triggers {

// Where a mapping is to begin anew.
struct ReplayFrom {
  enum class Position { kTrimHorizon, kLatest, kAtTimestamp } position = Position::kTrimHorizon;
  int64_t milliseconds = 0;  // of kAtTimestamp
};

// How far a mapping is behind.
struct MappingLag {
  int64_t records_behind = 0;  // about: filters may drop some
  std::optional<int64_t> oldest_record_age_milliseconds;
};

// For tasks of the scheduler only.
class MappingWork : public std::enable_shared_from_this<MappingWork> {
 public:
  MappingWork(const Environment& environment, MappingStore& store, std::string uuid);

  // The mapping as the store now has it; nullptr: it is gone.
  void update(MappingPointer mapping);
  // The streams of that table have changed.
  void on_stream_change(const std::string& table_name);
  // Begins nothing new; `done` is posted when what is under way is completed.
  void stop(std::function<void()> done);
  // Forgets how far it has come and begins there. `done` is posted when that is durable.
  void replay(ReplayFrom from, std::function<void(Status)> done);

  [[nodiscard]] const MappingContext& context() const { return *context_; }
  [[nodiscard]] bool is_gone() const { return is_gone_; }
  [[nodiscard]] Result<MappingLag> lag() const;

 private:
  enum class Phase { kIdle, kStarting, kRunning, kStopping };

  void advance();
  void begin_stop();
  void start();
  void start_later(const Error& error, const char* problem);
  void end_replays(const Status& status);
  // Stores where the shards of the stream begin, and goes on with them.
  void begin_stream(const catalog::Stream& stream, const ReplayFrom& from);
  void start_shards();
  void start_shard(const catalog::Shard& shard);
  void forget_shards_beside(const catalog::Stream& stream);
  void on_shard_end();
  void follow_table();
  void drop_checkpoint(std::function<void()> then);
  void set_state(MappingState state);
  void drop_mapping();
  void commit(std::vector<engine::Mutation> mutations, std::function<void()> then);
  [[nodiscard]] catalog::StreamPointer find_stream() const;

  const Environment& environment_;
  MappingStore& store_;
  const std::string uuid_;
  MappingContextPointer context_;  // its mapping is nullptr before the first update
  MappingCheckpoint checkpoint_;
  Phase phase_ = Phase::kIdle;
  bool changing_state_ = false;
  bool is_gone_ = false;
  bool ending_ = false;                                       // stop() was called
  std::map<std::string, std::shared_ptr<ShardWork>> shards_;  // by id
  std::optional<ReplayFrom> replay_;
  std::vector<std::function<void(Status)>> replay_done_;
  std::function<void()> stop_done_;
};

// Where the shards of the stream are begun, of those that are not begun at their first record:
// after their parents, or when they have none.
[[nodiscard]] Result<std::map<std::string, ShardCheckpoint>> shards_from(
    const ops::Database& database, const catalog::Stream& stream, const ReplayFrom& from,
    size_t lane_count);

}  // namespace millrace::triggers
