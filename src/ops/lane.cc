#include "ops/lane.h"

#include <algorithm>

#include "base/check.h"
#include "base/wake_batch.h"
#include "ops/joint_write.h"
#include "ops/lanes.h"
#include "ops/storage_key.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

// Bounds of one batch: beyond them a longer batch saves no more and only delays its first write.
constexpr size_t kBatchWritesMax = 512;
constexpr size_t kBatchBytesMax = 4 * 1024 * 1024;

Error table_is_gone() {
  return {ErrorCode::kResourceNotFoundException, "Requested resource not found"};
}

}  // namespace

struct Lane::Batch {
  std::vector<Evaluated> writes;
  LaneBatch changes;
};

Lane::Lane(const LaneContext& context, catalog::TablePointer table, engine::PartitionId partition)
    : context_(context),
      table_id_(table->id),
      state_{context.engine, partition, std::move(table)} {}

Result<std::shared_ptr<Lane>> Lane::open(const LaneContext& context, catalog::TablePointer table,
                                         engine::PartitionId partition) {
  std::shared_ptr<Lane> lane(new Lane(context, std::move(table), partition));
  TRY(lane->load());
  return lane;
}

Status Lane::load() {
  auto stored = TRY(state_.engine.get(state_.partition, kStatisticsKey));
  if (stored) {
    auto statistics = decode_statistics(*stored);
    if (!statistics) return internal_error("the statistics of a partition cannot be read");
    state_.statistics = std::move(*statistics);
  }
  TRY(load_backfills());
  TRY(load_log_end());
  publish_statistics();
  return Done{};
}

Status Lane::load_log_end() {
  const auto log = TRY(state_.engine.log_range(state_.partition));
  state_.next_position =
      streams::next_position(state_.table->latest_stream.get(), state_.partition, log.next);
  std::optional<streams::ChangeRecord> last;
  TRY(state_.engine.read_log(state_.partition, log.next - 1, [&](auto, ByteView record) {
    last = streams::decode_change_record(record);
    return false;
  }));
  if (last) state_.last_record_milliseconds = last->created_milliseconds;
  return Done{};
}

Status Lane::load_backfills() {
  auto load_one = [this](bool backfilling, uint32_t number) -> Status {
    if (!backfilling) return Done{};
    auto reached = TRY(state_.engine.get(state_.partition, backfill_key(number)));
    if (reached) state_.backfilled[number] = std::move(*reached);
    return Done{};
  };
  for (const catalog::Index& index : state_.table->indexes) {
    TRY(load_one(index.backfilling, index.number));
  }
  const auto& time_to_live = state_.table->time_to_live;
  return time_to_live ? load_one(time_to_live->backfilling, time_to_live->number) : Done{};
}

void Lane::submit(std::unique_ptr<LaneWrite> write) {
  if (enqueue({std::move(write), nullptr})) run();
}

bool Lane::enqueue(Waiting waiting) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(waiting));
  return !std::exchange(running_, true);
}

PartitionStatistics Lane::statistics() const {
  std::lock_guard lock(mutex_);
  return committed_statistics_;
}

void Lane::publish_statistics() {
  std::lock_guard lock(mutex_);
  committed_statistics_ = state_.statistics;
}

Lane& Lane::successor(uint64_t hash) const {
  MILLRACE_CHECK(has_split());
  auto above = std::upper_bound(
      successors_.begin(), successors_.end(), hash,
      [](uint64_t wanted, const Successor& one) { return wanted < one.first_hash; });
  return *std::prev(above)->lane;
}

void Lane::move_on_first() {
  auto write = std::move(taken_.front().write);
  taken_.pop_front();
  LaneWrite& moving = *write;
  moving.move_on(std::move(write), *this);
}

// Runs until a commit is in flight or a joint write holds the lane, whose completion runs on, or
// until no write waits.
void Lane::run() {
  while (take_waiting()) {
    if (taken_.front().joint) {
      const auto joint = std::move(taken_.front().joint);
      taken_.pop_front();
      joint->arrive();
      return;
    }
    if (has_split()) {
      move_on_first();
      continue;
    }
    auto batch =
        std::make_shared<Batch>(Batch{{}, LaneBatch(state_, context_.clock.now_milliseconds())});
    evaluate_batch(*batch);
    if (!batch->changes.empty()) {
      commit_batch(batch);
      return;
    }
    finish_batch(*batch, Done{});
  }
}

// False when nothing waits: the lane then no longer runs.
bool Lane::take_waiting() {
  if (!taken_.empty()) return true;
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    running_ = false;
    return false;
  }
  for (Waiting& waiting : waiting_) taken_.push_back(std::move(waiting));
  waiting_.clear();
  return true;
}

void Lane::evaluate_batch(Batch& batch) {
  LaneBatch& changes = batch.changes;
  while (!taken_.empty() && !taken_.front().joint && batch.writes.size() < kBatchWritesMax &&
         changes.commit_bytes() < kBatchBytesMax && !changes.catalog_change()) {
    auto write = std::move(taken_.front().write);
    taken_.pop_front();
    Status status = dropped_ ? Status(table_is_gone()) : write->evaluate(changes);
    batch.writes.push_back({std::move(write), std::move(status)});
  }
}

void Lane::commit_batch(const std::shared_ptr<Batch>& batch) {
  std::vector<engine::PartitionCommit> commits;
  take_commits(batch->changes, commits);
  state_.engine.commit(std::move(commits),
                       [self = shared_from_this(), batch](const Status& committed) {
                         self->finish_batch(*batch, committed);
                         self->run();
                       });
}

void Lane::take_commits(LaneBatch& changes, std::vector<engine::PartitionCommit>& commits) const {
  for (auto& commit : changes.take_commits()) commits.push_back(std::move(commit));
  if (const auto& change = changes.catalog_change()) {
    commits.push_back(context_.catalog.commit_of(*change));
  }
}

// The lanes of new partitions are there before anybody can learn of the partitions.
void Lane::settle(std::span<const Settled> lanes) {
  const catalog::Change* change = nullptr;
  for (const auto& [lane, changes] : lanes) {
    if (changes.catalog_change()) change = &*changes.catalog_change();
  }
  for (const auto& [lane, changes] : lanes) {
    if (changes.split_halves().empty()) continue;
    MILLRACE_CHECK(change != nullptr && change->tables.size() == 1);
    lane.open_successors(changes, change->tables.front());
  }
  if (change != nullptr) lanes.front().lane.context_.catalog.publish(*change);
  for (const auto& [lane, changes] : lanes) {
    if (change != nullptr) lane.adopt_table();
    lane.dropped_ = lane.dropped_ || changes.drops_partition();
    lane.written_items_ += changes.written_items();
    lane.publish_statistics();
  }
}

void Lane::open_successors(const LaneBatch& changes, const catalog::TablePointer& table) {
  for (const SplitHalf& half : changes.split_halves()) {
    std::shared_ptr<Lane> lane(new Lane(context_, table, half.partition.id));
    lane->state_.next_position =
        streams::next_position(table->latest_stream.get(), half.partition.id, state_.next_position);
    lane->state_.last_record_milliseconds = state_.last_record_milliseconds;
    lane->state_.statistics = half.statistics;
    lane->state_.backfilled = half.backfilled;
    lane->publish_statistics();
    context_.lanes.add(half.partition.id, lane);
    successors_.push_back({half.partition.first_hash, std::move(lane)});
  }
}

// Also where a stream has begun or ended, whose shards take positions.
void Lane::adopt_table() {
  auto table = context_.catalog.find_table(state_.table->name);
  if (!table || table->id != table_id_) return;
  state_.table = std::move(table);
  state_.next_position = streams::next_position(state_.table->latest_stream.get(), state_.partition,
                                                state_.next_position);
}

void Lane::finish_batch(Batch& batch, const Status& committed) {
  const Settled self{*this, batch.changes};
  if (committed.ok()) settle({&self, 1});
  const WakeBatch answers;
  for (Evaluated& evaluated : batch.writes) {
    if (!committed.ok()) evaluated.status = committed;
    evaluated.write->complete(std::move(evaluated.status));
  }
}

}  // namespace millrace::ops
