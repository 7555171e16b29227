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
  void move_on(std::unique_ptr<LaneWrite> /*self*/, const ops::Lane& /*split*/) override {
    done_.set_value(Done{});
  }

 private:
  const EvaluateCall evaluate_;
  std::promise<Status> done_;
};

class TableCall final : public ops::TableChange {
 public:
  TableCall(ops::Database& database, const catalog::Table& table, ApplyChange apply,
            ops::Reply reply)
      : TableChange(database, table, std::move(reply)), apply_(std::move(apply)) {}

 private:
  Status apply(ops::LaneBatches batches, catalog::Table& table, catalog::Change& change) override {
    return apply_(batches, table, change);
  }
  std::string response(const catalog::Table& /*table*/) override { return ""; }

  const ApplyChange apply_;
};

}  // namespace

Status call_in_lane(ops::Lane& lane, EvaluateCall evaluate) {
  std::promise<Status> done;
  auto status = done.get_future();
  lane.submit(std::make_unique<LaneCall>(std::move(evaluate), std::move(done)));
  return status.get();
}

Status change_table(ops::Database& database, const catalog::Table& table, ApplyChange apply) {
  auto done = std::make_shared<std::promise<Status>>();
  auto status = done->get_future();
  database.joint_writes.submit(std::make_unique<TableCall>(
      database, table, std::move(apply), [done](Result<std::string> changed) {
        done->set_value(changed.ok() ? Status(Done{}) : std::move(changed).error());
      }));
  return status.get();
}

Status tolerate_deletion(Status status) {
  if (!status.ok() && status.error().code == ErrorCode::kResourceNotFoundException) return Done{};
  return status;
}

}  // namespace millrace::jobs
