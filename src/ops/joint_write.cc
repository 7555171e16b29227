#include "ops/joint_write.h"

#include <algorithm>

#include "base/check.h"

namespace millrace::ops {
namespace {

class WriteOfOneLane final : public LaneWrite {
 public:
  explicit WriteOfOneLane(std::unique_ptr<JointWrite> write) : write_(std::move(write)) {}

  Status evaluate(LaneBatch& batch) override {
    LaneBatch* const batches[] = {&batch};
    return write_->evaluate(batches);
  }
  void complete(Status status) override { write_->complete(std::move(status)); }

 private:
  const std::unique_ptr<JointWrite> write_;
};

}  // namespace

void JointWrites::submit(std::vector<std::shared_ptr<Lane>> lanes,
                         std::unique_ptr<JointWrite> write) {
  MILLRACE_CHECK(!lanes.empty());
  if (lanes.size() == 1) {
    lanes.front()->submit(std::make_unique<WriteOfOneLane>(std::move(write)));
    return;
  }
  const auto joint = std::make_shared<JointCommit>(std::move(lanes), std::move(write));
  std::vector<Lane*> idle;
  {
    std::lock_guard lock(order_);
    idle = joint->enter_lanes();
  }
  joint->run(idle);
}

JointCommit::JointCommit(std::vector<std::shared_ptr<Lane>> lanes,
                         std::unique_ptr<JointWrite> write)
    : lanes_(std::move(lanes)), write_(std::move(write)), missing_(lanes_.size()) {}

std::vector<Lane*> JointCommit::enter_lanes() {
  std::vector<Lane*> idle;
  for (const auto& lane : lanes_) {
    if (lane->enqueue({nullptr, shared_from_this()})) idle.push_back(lane.get());
  }
  return idle;
}

void JointCommit::run(const std::vector<Lane*>& idle) {
  for (Lane* lane : idle) lane->run();
}

// A refused write makes an empty commit too: so the lanes always run on from a callback of the
// engine's, and a queue of joint writes does not grow the stack.
void JointCommit::arrive() {
  if (missing_.fetch_sub(1) > 1) return;
  for (const auto& lane : lanes_) {
    batches_.emplace_back(lane->state_, lane->clock_.now_milliseconds());
  }
  evaluated_ = evaluate();
  std::vector<engine::PartitionCommit> commits;
  for (size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->take_commits(batches_[i], commits);
  lanes_.front()->state_.engine.commit(
      std::move(commits),
      [self = shared_from_this()](const Status& committed) { self->finish(committed); });
}

Status JointCommit::evaluate() {
  const bool gone =
      std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->dropped_; });
  if (gone) {
    return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  }
  std::vector<LaneBatch*> batches;
  for (LaneBatch& batch : batches_) batches.push_back(&batch);
  return write_->evaluate(batches);
}

void JointCommit::finish(const Status& committed) {
  if (committed.ok()) {
    for (size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->settle(batches_[i]);
  }
  if (!committed.ok()) evaluated_ = committed;
  write_->complete(std::move(evaluated_));
  for (const auto& lane : lanes_) lane->run();
}

}  // namespace millrace::ops
