#include "ops/lane.h"

#include "base/check.h"
#include "model/item_encoding.h"
#include "ops/joint_write.h"
#include "ops/storage_key.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

// Bounds of one batch: beyond them a longer batch saves no more and only delays its first write.
constexpr size_t kBatchWritesMax = 512;
constexpr size_t kBatchBytesMax = 4 * 1024 * 1024;

int64_t item_bytes(const std::optional<Bytes>& item) {
  if (!item) return 0;
  auto size = encoded_item_size_bytes(*item);
  MILLRACE_CHECK(size.has_value());
  return static_cast<int64_t>(*size);
}

Error table_is_gone() {
  return {ErrorCode::kResourceNotFoundException, "Requested resource not found"};
}

}  // namespace

struct Lane::Batch {
  std::vector<Evaluated> writes;
  LaneBatch changes;
};

LaneBatch::LaneBatch(Lane& lane)
    : lane_(lane),
      now_milliseconds_(lane.clock_.now_milliseconds()),
      commit_{lane.partition_, {}, {}} {}

const catalog::Table& LaneBatch::table() const {
  return *lane_.table_;
}
engine::PartitionId LaneBatch::partition() const {
  return lane_.partition_;
}
engine::LogPosition LaneBatch::next_position() const {
  return lane_.next_position_;
}

Result<std::optional<Bytes>> LaneBatch::get_item(const Bytes& storage_key) {
  auto changed = changed_items_.find(storage_key);
  if (changed != changed_items_.end()) return changed->second;
  return lane_.engine_.get(lane_.partition_, storage_key);
}

void LaneBatch::set_item(const Bytes& storage_key, std::optional<Bytes> item,
                         const std::optional<Bytes>& before) {
  lane_.current_.item_count += (item ? 1 : 0) - (before ? 1 : 0);
  lane_.current_.item_bytes += item_bytes(item) - item_bytes(before);
  MILLRACE_CHECK(lane_.current_.item_count >= 0 && lane_.current_.item_bytes >= 0);
  commit_bytes_ += storage_key.size() + (item ? item->size() : 0);
  if (item) {
    commit_.mutations.emplace_back(engine::Put{storage_key, *item});
  } else {
    commit_.mutations.emplace_back(engine::Erase{storage_key});
  }
  changed_items_[storage_key] = std::move(item);
}

void LaneBatch::append(const streams::ChangeRecord& record) {
  Bytes bytes = encode_change_record(record);
  commit_bytes_ += bytes.size();
  commit_.records.push_back({lane_.next_position_++, std::move(bytes)});
}

void LaneBatch::change_catalog(catalog::Change change) {
  MILLRACE_CHECK(!catalog_change_);
  catalog_change_ = std::move(change);
}

void LaneBatch::drop_partition() {
  commit_.mutations.emplace_back(engine::EraseAll{});
  lane_.current_ = {};
  drops_partition_ = true;
}

void LaneBatch::commit_also(engine::PartitionCommit commit) {
  further_commits_.push_back(std::move(commit));
}

bool LaneBatch::changes_something() const {
  return !commit_.mutations.empty() || !further_commits_.empty() || catalog_change_;
}

Lane::Lane(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock,
           catalog::TablePointer table, engine::PartitionId partition)
    : engine_(engine),
      catalog_(catalog),
      clock_(clock),
      partition_(partition),
      table_(std::move(table)) {}

Result<std::shared_ptr<Lane>> Lane::open(engine::Engine& engine, catalog::Catalog& catalog,
                                         const Clock& clock, catalog::TablePointer table,
                                         engine::PartitionId partition) {
  std::shared_ptr<Lane> lane(new Lane(engine, catalog, clock, std::move(table), partition));
  TRY(lane->load());
  return lane;
}

Status Lane::load() {
  auto stored = TRY(engine_.get(partition_, kStatisticsKey));
  if (stored) {
    ByteReader reader(*stored);
    auto count = reader.read_varint();
    auto bytes = reader.read_varint();
    if (!count || !bytes) return internal_error("the statistics of a partition cannot be read");
    current_ = {static_cast<int64_t>(*count), static_cast<int64_t>(*bytes)};
  }
  auto log = TRY(engine_.log_range(partition_));
  next_position_ = streams::next_position(table_->latest_stream.get(), partition_, log.next);
  publish_statistics();
  return Done{};
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
  return {committed_item_count_.load(), committed_item_bytes_.load()};
}

void Lane::publish_statistics() {
  committed_item_count_ = current_.item_count;
  committed_item_bytes_ = current_.item_bytes;
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
    auto batch = std::make_shared<Batch>(Batch{{}, LaneBatch(*this)});
    evaluate_batch(*batch);
    if (batch->changes.changes_something()) {
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
         changes.commit_bytes_ < kBatchBytesMax && !changes.catalog_change_) {
    auto write = std::move(taken_.front().write);
    taken_.pop_front();
    Status status = dropped_ ? Status(table_is_gone()) : write->evaluate(changes);
    batch.writes.push_back({std::move(write), std::move(status)});
  }
}

void Lane::commit_batch(const std::shared_ptr<Batch>& batch) {
  std::vector<engine::PartitionCommit> commits;
  take_commits(batch->changes, commits);
  engine_.commit(std::move(commits), [self = shared_from_this(), batch](const Status& committed) {
    self->finish_batch(*batch, committed);
    self->run();
  });
}

void Lane::take_commits(LaneBatch& changes, std::vector<engine::PartitionCommit>& commits) {
  if (!changes.commit_.mutations.empty() && !changes.drops_partition_) {
    Bytes statistics;
    append_varint(statistics, static_cast<uint64_t>(current_.item_count));
    append_varint(statistics, static_cast<uint64_t>(current_.item_bytes));
    changes.commit_.mutations.emplace_back(
        engine::Put{Bytes(kStatisticsKey), std::move(statistics)});
  }
  if (!changes.commit_.mutations.empty()) commits.push_back(std::move(changes.commit_));
  if (changes.catalog_change_) commits.push_back(catalog_.commit_of(*changes.catalog_change_));
  for (auto& commit : changes.further_commits_) commits.push_back(std::move(commit));
}

// What was committed is now the lane's state.
void Lane::settle(const LaneBatch& changes) {
  if (changes.catalog_change_) {
    catalog_.publish(*changes.catalog_change_);
    if (auto table = catalog_.find_table(table_->name); table && table->id == table_->id) {
      table_ = std::move(table);
      next_position_ =
          streams::next_position(table_->latest_stream.get(), partition_, next_position_);
    }
  }
  dropped_ = dropped_ || changes.drops_partition_;
  publish_statistics();
}

void Lane::finish_batch(Batch& batch, const Status& committed) {
  if (committed.ok()) settle(batch.changes);
  for (Evaluated& evaluated : batch.writes) {
    if (!committed.ok()) evaluated.status = committed;
    evaluated.write->complete(std::move(evaluated.status));
  }
}

}  // namespace millrace::ops
