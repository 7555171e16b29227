#include "ops/lane.h"

#include "base/check.h"
#include "ops/joint_write.h"
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

Lane::Lane(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock,
           catalog::TablePointer table, engine::PartitionId partition)
    : catalog_(catalog), clock_(clock), state_{engine, partition, std::move(table), 1, {}, {}} {}

Result<std::shared_ptr<Lane>> Lane::open(engine::Engine& engine, catalog::Catalog& catalog,
                                         const Clock& clock, catalog::TablePointer table,
                                         engine::PartitionId partition) {
  std::shared_ptr<Lane> lane(new Lane(engine, catalog, clock, std::move(table), partition));
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
  auto log = TRY(state_.engine.log_range(state_.partition));
  state_.next_position =
      streams::next_position(state_.table->latest_stream.get(), state_.partition, log.next);
  publish_statistics();
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
    auto batch = std::make_shared<Batch>(Batch{{}, LaneBatch(state_, clock_.now_milliseconds())});
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
    commits.push_back(catalog_.commit_of(*change));
  }
}

// What was committed is now the lane's state.
void Lane::settle(const LaneBatch& changes) {
  if (const auto& change = changes.catalog_change()) publish_catalog_change(*change);
  dropped_ = dropped_ || changes.drops_partition();
  publish_statistics();
}

void Lane::finish_batch(Batch& batch, const Status& committed) {
  if (committed.ok()) settle(batch.changes);
  for (Evaluated& evaluated : batch.writes) {
    if (!committed.ok()) evaluated.status = committed;
    evaluated.write->complete(std::move(evaluated.status));
  }
}

void Lane::publish_catalog_change(const catalog::Change& change) {
  catalog_.publish(change);
  auto table = catalog_.find_table(state_.table->name);
  if (!table || table->id != state_.table->id) return;
  state_.table = std::move(table);
  state_.next_position = streams::next_position(state_.table->latest_stream.get(), state_.partition,
                                                state_.next_position);
}

}  // namespace millrace::ops
