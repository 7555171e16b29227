// The serial executor of one partition: every write to the partition goes through its lane, one
// after the other, and many of them into one commit.
//
// A lane takes the writes that wait, lets each evaluate itself against the state it will see
// (committed items and what earlier writes of the batch changed), makes one engine commit of all
// and only then completes them, refused ones included: a refusal, too, tells about earlier writes,
// and must not be heard of before they are durable. One commit is in flight at a time.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "streams/change_record.h"

namespace millrace::ops {

// How much a partition holds; part of every commit that changes it.
struct PartitionStatistics {
  int64_t item_count = 0;
  int64_t item_bytes = 0;
};

class JointCommit;
class Lane;

// What a write sees and adds while it is evaluated. Lives for one batch.
class LaneBatch {
 public:
  [[nodiscard]] const catalog::Table& table() const;
  [[nodiscard]] engine::PartitionId partition() const;
  // The position that the next appended record takes.
  [[nodiscard]] engine::LogPosition next_position() const;
  // Of the batch, in milliseconds since 1970: one reading of the clock for all its records.
  [[nodiscard]] int64_t now_milliseconds() const { return now_milliseconds_; }

  // The encoded item under a storage key, or nullopt. Errors are the engine's.
  Result<std::optional<Bytes>> get_item(const Bytes& storage_key);
  // nullopt removes the item. `before` is what get_item() returned.
  void set_item(const Bytes& storage_key, std::optional<Bytes> item,
                const std::optional<Bytes>& before);
  void append(const streams::ChangeRecord& record);

  // Changes the table itself: committed with the batch, published when that is done. The batch ends
  // with the write that calls this.
  void change_catalog(catalog::Change change);
  // Removes all items. Every write after it is refused: the table is gone.
  void drop_partition();
  // What is committed with the batch to a partition that has no lane.
  void commit_also(engine::PartitionCommit commit);

 private:
  friend class Lane;
  friend class JointCommit;
  explicit LaneBatch(Lane& lane);
  [[nodiscard]] bool changes_something() const;

  Lane& lane_;
  int64_t now_milliseconds_;
  engine::PartitionCommit commit_;
  std::vector<engine::PartitionCommit> further_commits_;
  size_t commit_bytes_ = 0;
  std::unordered_map<Bytes, std::optional<Bytes>> changed_items_;
  std::optional<catalog::Change> catalog_change_;
  bool drops_partition_ = false;
};

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
  friend class LaneBatch;
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
  // True when the lane was idle: the caller then runs it.
  [[nodiscard]] bool enqueue(Waiting waiting);
  void run();
  [[nodiscard]] bool take_waiting();
  void evaluate_batch(Batch& batch);
  void commit_batch(const std::shared_ptr<Batch>& batch);
  void finish_batch(Batch& batch, const Status& committed);
  void take_commits(LaneBatch& changes, std::vector<engine::PartitionCommit>& commits);
  void settle(const LaneBatch& changes);
  void publish_statistics();

  engine::Engine& engine_;
  catalog::Catalog& catalog_;
  const Clock& clock_;
  const engine::PartitionId partition_;

  std::mutex mutex_;
  std::vector<Waiting> waiting_;  // guarded by mutex_
  bool running_ = false;          // guarded by mutex_

  // Touched only by whoever runs the lane.
  std::deque<Waiting> taken_;
  catalog::TablePointer table_;
  engine::LogPosition next_position_ = 1;
  PartitionStatistics current_;
  bool dropped_ = false;

  std::atomic<int64_t> committed_item_count_ = 0;
  std::atomic<int64_t> committed_item_bytes_ = 0;
};

}  // namespace millrace::ops
