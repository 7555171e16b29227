// A write over several partitions at once: the lanes of all of them stand still while it is
// evaluated and committed, so it is atomic and isolated (docs/decisions/0004).
//
// It waits its turn in every lane. All joint writes enter their lanes in one order, so no two of
// them wait for each other. A lane that reaches one has committed all that came before it, and is
// held; the lane that comes last evaluates the write and makes one commit over all partitions.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "ops/lane.h"

namespace millrace::ops {

class JointWrite {
 public:
  virtual ~JointWrite() = default;
  // Those of the partitions that it writes, at least one, each once. Called again when one of them
  // has split before the write's turn came. An error completes the write.
  [[nodiscard]] virtual Result<std::vector<std::shared_ptr<Lane>>> find_lanes() = 0;
  // `batches` in the order of the lanes. On an error the write must have added nothing to any.
  [[nodiscard]] virtual Status evaluate(std::span<LaneBatch* const> batches) = 0;
  // Called once, as LaneWrite::complete() is. ResourceNotFoundException when a lane's table is
  // gone.
  virtual void complete(Status status) = 0;
};

// Thread-safe.
class JointWrites {
 public:
  // Completes the write sooner or later, possibly before it returns. Over a single lane it is one
  // write among the others of a batch, and holds nothing up.
  void submit(std::unique_ptr<JointWrite> write);

 private:
  std::mutex order_;  // held while a write enters its lanes
};

// The place of one joint write in its lanes. Shared by them and by its own commit.
class JointCommit : public std::enable_shared_from_this<JointCommit> {
 public:
  // `joint_writes` gets the write back when a lane has split.
  JointCommit(JointWrites& joint_writes, std::vector<std::shared_ptr<Lane>> lanes,
              std::unique_ptr<JointWrite> write);

  // Takes its place in all lanes. Those that were idle must then be run.
  [[nodiscard]] std::vector<Lane*> enter_lanes();
  static void run(const std::vector<Lane*>& idle);

  // Each lane calls this once, and is held until the commit is done, which runs it on.
  void arrive();

 private:
  [[nodiscard]] bool may_evaluate() const;
  [[nodiscard]] Status evaluate();
  void finish(const Status& committed);

  JointWrites& joint_writes_;
  const std::vector<std::shared_ptr<Lane>> lanes_;
  std::unique_ptr<JointWrite> write_;
  std::atomic<size_t> missing_;
  // From here touched only by the lane that comes last, and then by the commit.
  std::vector<LaneBatch> batches_;
  Status evaluated_ = Done{};
};

}  // namespace millrace::ops
