#include "jobs/lane_call.h"

#include <future>

namespace millrace::jobs {
namespace {

class LaneCall final : public ops::LaneWrite {
 public:
  LaneCall(EvaluateCall evaluate, std::promise<Status> done)
      : evaluate_(std::move(evaluate)), done_(std::move(done)) {}

  Status evaluate(ops::LaneBatch& batch) override { return evaluate_(batch); }
  void complete(Status status) override { done_.set_value(std::move(status)); }

 private:
  const EvaluateCall evaluate_;
  std::promise<Status> done_;
};

}  // namespace

Status call_in_lane(ops::Lane& lane, EvaluateCall evaluate) {
  std::promise<Status> done;
  auto status = done.get_future();
  lane.submit(std::make_unique<LaneCall>(std::move(evaluate), std::move(done)));
  return status.get();
}

}  // namespace millrace::jobs
