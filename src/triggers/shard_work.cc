#include "triggers/shard_work.h"

#include <algorithm>

#include "base/log.h"

namespace millrace::triggers {
namespace {

constexpr std::chrono::milliseconds kStoreAgain{1000};

}  // namespace

ShardWork::ShardWork(MappingContextPointer context, EventSource source,
                     engine::PartitionId partition, ShardCheckpoint checkpoint,
                     std::function<void()> on_end)
    : context_(std::move(context)),
      source_(std::move(source)),
      partition_(partition),
      on_end_(std::move(on_end)),
      checkpoint_(std::move(checkpoint)) {}

void ShardWork::start() {
  start_lanes();
  change_lane_count();
}

void ShardWork::start_lanes() {
  ShardCheckpoint header = checkpoint_;
  header.lanes.clear();
  for (size_t index = 0; index < checkpoint_.lane_count; ++index) {
    const auto stored = checkpoint_.lanes.find(index);
    LaneCheckpoint begin =
        stored == checkpoint_.lanes.end() ? LaneCheckpoint{checkpoint_.position} : stored->second;
    lanes_.push_back(std::make_shared<Lane>(
        context_, Lane::Place{source_, partition_, {index, checkpoint_.lane_count}, header},
        std::move(begin), [weak = weak_from_this()] {
          if (const auto work = weak.lock()) work->on_lane_end();
        }));
    lanes_.back()->start();
  }
}

void ShardWork::update() {
  change_lane_count();
  for (const auto& lane : lanes_) lane->wake();
}

void ShardWork::change_lane_count() {
  const auto wanted = static_cast<size_t>(context_->mapping->parallelization_factor);
  if (wanted == checkpoint_.lane_count || replace_at_ || lanes_.empty()) return;
  engine::LogPosition end = checkpoint_.position;
  for (const auto& lane : lanes_) end = std::max(end, lane->read_to());
  // Also what they had read before a restart.
  for (const auto& [index, lane] : checkpoint_.lanes) {
    for (const LaneCheckpoint::Span& span : lane.spans) end = std::max(end, span.end);
  }
  replace_at_ = end;
  for (const auto& lane : lanes_) lane->end_before(end);
}

void ShardWork::stop() {
  stopping_ = true;
  if (lanes_.empty() && !storing_) return on_lane_end();
  for (const auto& lane : lanes_) lane->stop();
}

engine::LogPosition ShardWork::position() const {
  if (lanes_.empty()) return checkpoint_.position;
  engine::LogPosition lowest = UINT64_MAX;
  for (const auto& lane : lanes_) lowest = std::min(lowest, lane->position());
  return lowest;
}

void ShardWork::on_lane_end() {
  if (stopped_ || storing_ || is_finished()) return;
  const bool all_ended =
      std::ranges::all_of(lanes_, [](const auto& lane) { return lane->has_ended(); });
  if (all_ended && !lanes_.empty()) return replace_at_ ? replace_lanes() : finish();
  const bool all_over = std::ranges::all_of(
      lanes_, [](const auto& lane) { return lane->has_ended() || lane->is_stopped(); });
  if (!stopping_ || !all_over) return;
  stopped_ = true;
  context_->environment.scheduler.post(on_end_);
}

void ShardWork::replace_lanes() {
  checkpoint_.position = *replace_at_;
  store([this] {
    replace_at_.reset();
    if (stopping_) return on_lane_end();
    start();
  });
}

void ShardWork::finish() {
  checkpoint_.finished = true;
  checkpoint_.position = position();
  store([this] {
    stopped_ = true;
    context_->environment.scheduler.post(on_end_);
  });
}

// The shard as it now is, without its lanes; they are dropped.
void ShardWork::store(std::function<void()> then) {
  storing_ = true;
  ShardCheckpoint next = checkpoint_;
  next.lanes.clear();
  next.lane_count = static_cast<size_t>(context_->mapping->parallelization_factor);
  const std::string& uuid = context_->mapping->uuid;
  engine::PartitionCommit commit{catalog::kTriggersPartition, {}, {}};
  commit.mutations.push_back(put_shard(uuid, source_.shard_id, next));
  for (size_t lane = 0; lane < checkpoint_.lane_count; ++lane) {
    commit.mutations.push_back(erase_lane(uuid, source_.shard_id, lane));
  }
  Scheduler& scheduler = context_->environment.scheduler;
  auto done = [weak = weak_from_this(), next, then = std::move(then)](const Status& status) {
    const auto work = weak.lock();
    if (!work) return;
    if (!status.ok()) {
      log::error("a trigger's checkpoint could not be stored",
                 {{"mapping", work->context_->mapping->uuid}, {"reason", status.error().message}});
      work->context_->environment.scheduler.after(kStoreAgain, [weak, then] {
        if (const auto later = weak.lock()) later->store(then);
      });
      return;
    }
    work->storing_ = false;
    work->checkpoint_ = next;
    work->lanes_.clear();
    then();
  };
  context_->environment.database.engine.commit(
      {std::move(commit)}, [&scheduler, done = std::move(done)](const Status& status) {
        scheduler.post([done, status] { done(status); });
      });
}

}  // namespace millrace::triggers
