// The serial executor of one partition: every write to the partition goes through its lane, one
// after the other, and many of them into one commit.
//
// A lane takes the writes that wait, lets each evaluate itself against the state it will see
// (committed items and what earlier writes of the batch changed), makes one engine commit of all
// and only then completes them, refused ones included: a refusal, too, tells about earlier writes,
// and must not be heard of before they are durable. One commit is in flight at a time.
//
// A lane ends when its table is deleted, which refuses every write behind it, or when its partition
// splits: what waits then moves on to the lanes of the two halves, and so does what still comes.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <span>

#include "base/clock.h"
#include "ops/lane_batch.h"

namespace millrace::ops {

class JointCommit;
class Lane;
class Lanes;

// One waiting write. All calls come from the lane, on whatever thread runs it.
class LaneWrite {
 public:
  virtual ~LaneWrite() = default;
  // On an error the write must have added nothing to the batch.
  [[nodiscard]] virtual Status evaluate(LaneBatch& batch) = 0;
  // Called once, when the batch is durable, with the outcome of evaluate(), or with the engine's
  // error when the commit failed. Must not block.
  virtual void complete(Status status) = 0;
  // Called instead of the others when the lane's partition has split: `self`, which is this write,
  // goes on to where its item is written now.
  virtual void move_on(std::unique_ptr<LaneWrite> self, const Lane& split) = 0;
};

// What lanes work with; all of it outlives them.
struct LaneContext {
  engine::Engine& engine;
  catalog::Catalog& catalog;
  const Clock& clock;
  Lanes& lanes;
};

// Thread-safe. Kept alive by its own commits in flight.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  // Reads the partition's statistics and the end of its log.
  static Result<std::shared_ptr<Lane>> open(const LaneContext& context, catalog::TablePointer table,
                                            engine::PartitionId partition);

  // Completes the write sooner or later, possibly before it returns.
  void submit(std::unique_ptr<LaneWrite> write);

  // As of the latest commit. Any thread.
  [[nodiscard]] PartitionStatistics statistics() const;
  // Item writes since the lane was opened, refused ones not. Any thread.
  [[nodiscard]] uint64_t written_items() const { return written_items_; }
  [[nodiscard]] const std::string& table_id() const { return table_id_; }

  // Of a lane that has split: where items with this hash are written now. For LaneWrite::move_on().
  [[nodiscard]] Lane& successor(uint64_t hash) const;

 private:
  friend class JointCommit;
  // In the queue: a write, or the place of one that this lane has in common with others.
  struct Waiting {
    std::unique_ptr<LaneWrite> write;
    std::shared_ptr<JointCommit> joint;
  };
  struct Evaluated {
    std::unique_ptr<LaneWrite> write;
    Status status;
  };
  struct Batch;
  // A lane and what was committed of it.
  struct Settled {
    Lane& lane;
    const LaneBatch& changes;
  };
  struct Successor {
    uint64_t first_hash;
    std::shared_ptr<Lane> lane;
  };

  Lane(const LaneContext& context, catalog::TablePointer table, engine::PartitionId partition);
  Status load();
  Status load_backfills();
  Status load_log_end();
  // True when the lane was idle: the caller then runs it.
  [[nodiscard]] bool enqueue(Waiting waiting);
  void run();
  [[nodiscard]] bool take_waiting();
  void move_on_first();
  void evaluate_batch(Batch& batch);
  void commit_batch(const std::shared_ptr<Batch>& batch);
  void finish_batch(Batch& batch, const Status& committed);
  void take_commits(LaneBatch& changes, std::vector<engine::PartitionCommit>& commits) const;
  // What was committed is now the state of the lanes, which stand still, and of the catalog.
  static void settle(std::span<const Settled> lanes);
  void open_successors(const LaneBatch& changes, const catalog::TablePointer& table);
  void adopt_table();
  void publish_statistics();
  [[nodiscard]] bool has_split() const { return !successors_.empty(); }

  const LaneContext context_;
  const std::string table_id_;
  std::atomic<uint64_t> written_items_ = 0;

  mutable std::mutex mutex_;
  std::vector<Waiting> waiting_;              // guarded by mutex_
  bool running_ = false;                      // guarded by mutex_
  PartitionStatistics committed_statistics_;  // guarded by mutex_

  // Touched only by whoever runs the lane.
  LaneState state_;
  std::deque<Waiting> taken_;
  bool dropped_ = false;
  std::vector<Successor> successors_;  // by first_hash
};

}  // namespace millrace::ops
