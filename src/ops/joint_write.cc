#include "ops/joint_write.h"

#include <algorithm>

#include "base/check.h"

namespace millrace::ops {
namespace {

class WriteOfOneLane final : public LaneWrite {
 public:
  WriteOfOneLane(JointWrites& joint_writes, std::unique_ptr<JointWrite> write)
      : joint_writes_(joint_writes), write_(std::move(write)) {}

  Status evaluate(LaneBatch& batch) override {
    LaneBatch* const batches[] = {&batch};
    return write_->evaluate(batches);
  }
  void complete(Status status) override { write_->complete(std::move(status)); }
  void move_on(std::unique_ptr<LaneWrite> /*self*/, const Lane& /*split*/) override {
    joint_writes_.submit(std::move(write_));
  }

 private:
  JointWrites& joint_writes_;
  std::unique_ptr<JointWrite> write_;
};

}  // namespace

void JointWrites::submit(std::unique_ptr<JointWrite> write) {
  auto lanes = write->find_lanes();
  if (!lanes.ok()) return write->complete(std::move(lanes).error());
  MILLRACE_CHECK(!lanes->empty());
  if (lanes->size() == 1) {
    lanes->front()->submit(std::make_unique<WriteOfOneLane>(*this, std::move(write)));
    return;
  }
  const auto joint = std::make_shared<JointCommit>(*this, std::move(*lanes), std::move(write));
  std::vector<Lane*> idle;
  {
    std::lock_guard lock(order_);
    idle = joint->enter_lanes();
  }
  joint->run(idle);
}

JointCommit::JointCommit(JointWrites& joint_writes, std::vector<std::shared_ptr<Lane>> lanes,
                         std::unique_ptr<JointWrite> write)
    : joint_writes_(joint_writes),
      lanes_(std::move(lanes)),
      write_(std::move(write)),
      missing_(lanes_.size()) {}

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

// A refused write makes an empty commit too, and so does one that moves on: so the lanes always run
// on from a callback of the engine's, and a queue of joint writes does not grow the stack.
void JointCommit::arrive() {
  if (missing_.fetch_sub(1) > 1) return;
  std::vector<engine::PartitionCommit> commits;
  if (may_evaluate()) {
    for (const auto& lane : lanes_) {
      batches_.emplace_back(lane->state_, lane->context_.clock.now_milliseconds());
    }
    evaluated_ = evaluate();
    for (size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->take_commits(batches_[i], commits);
  }
  lanes_.front()->state_.engine.commit(
      std::move(commits),
      [self = shared_from_this()](const Status& committed) { self->finish(committed); });
}

bool JointCommit::may_evaluate() const {
  return std::none_of(lanes_.begin(), lanes_.end(),
                      [](const auto& lane) { return lane->has_split(); });
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
  if (batches_.empty()) {
    joint_writes_.submit(std::move(write_));
  } else {
    std::vector<Lane::Settled> settled;
    for (size_t i = 0; i < lanes_.size(); ++i) settled.push_back({*lanes_[i], batches_[i]});
    if (committed.ok()) Lane::settle(settled);
    if (!committed.ok()) evaluated_ = committed;
    write_->complete(std::move(evaluated_));
  }
  for (const auto& lane : lanes_) lane->run();
}

}  // namespace millrace::ops
