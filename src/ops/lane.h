// The serial executor of one partition: every write to the partition goes through its lane, one
// after the other, and many of them into one commit.
//
// A lane takes the writes that wait, lets each evaluate itself against the state it will see
// (committed items and what earlier writes of the batch changed), makes one engine commit of all
// and only then completes them, refused ones included: a refusal, too, tells about earlier writes,
// and must not be heard of before they are durable. One commit is in flight at a time.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "ops/lane_batch.h"

namespace millrace::ops {

class JointCommit;

// One waiting write. All calls come from the lane, on whatever thread runs it.
class LaneWrite {
 public:
  virtual ~LaneWrite() = default;
  // On an error the write must have added nothing to the batch.
  [[nodiscard]] virtual Status evaluate(LaneBatch& batch) = 0;
  // Called once, when the batch is durable, with the outcome of evaluate(), or with the engine's
  // error when the commit failed. Must not block.
  virtual void complete(Status status) = 0;
};

// Thread-safe. Kept alive by its own commits in flight; the engine and the catalog must outlive it.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  // Reads the partition's statistics and the end of its log.
  static Result<std::shared_ptr<Lane>> open(engine::Engine& engine, catalog::Catalog& catalog,
                                            const Clock& clock, catalog::TablePointer table,
                                            engine::PartitionId partition);

  // Completes the write sooner or later, possibly before it returns.
  void submit(std::unique_ptr<LaneWrite> write);

  // As of the latest commit. Any thread.
  [[nodiscard]] PartitionStatistics statistics() const;

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

  Lane(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock,
       catalog::TablePointer table, engine::PartitionId partition);
  Status load();
  Status load_backfills();
  // True when the lane was idle: the caller then runs it.
  [[nodiscard]] bool enqueue(Waiting waiting);
  void run();
  [[nodiscard]] bool take_waiting();
  void evaluate_batch(Batch& batch);
  void commit_batch(const std::shared_ptr<Batch>& batch);
  void finish_batch(Batch& batch, const Status& committed);
  void take_commits(LaneBatch& changes, std::vector<engine::PartitionCommit>& commits) const;
  void settle(const LaneBatch& changes);
  void publish_catalog_change(const catalog::Change& change);
  void publish_statistics();

  catalog::Catalog& catalog_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::vector<Waiting> waiting_;              // guarded by mutex_
  bool running_ = false;                      // guarded by mutex_
  PartitionStatistics committed_statistics_;  // guarded by mutex_

  // Touched only by whoever runs the lane.
  LaneState state_;
  std::deque<Waiting> taken_;
  bool dropped_ = false;
};

}  // namespace millrace::ops
