#include "engine/rocksdb/write_group.h"

#include <algorithm>

#include <rocksdb/convenience.h>

#include "base/log.h"
#include "engine/rocksdb/key_layout.h"

namespace millrace::engine {
namespace {

// A batch that grew beyond this is not kept for the next group.
constexpr size_t kKeptBatchBytes = 4U << 20;

// Two pieces as one key, which spares a copy.
class JoinedKey {
 public:
  JoinedKey(ByteView prefix, ByteView rest) : slices_{prefix, rest} {}
  operator rocksdb::SliceParts() const { return {slices_, 2}; }  // NOLINT: implicit

 private:
  rocksdb::Slice slices_[2];
};

void add_mutation(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* items,
                  PartitionId partition, const Mutation& mutation) {
  const Bytes prefix = partition_prefix(partition);
  rocksdb::Status status;
  if (const auto* put = std::get_if<Put>(&mutation)) {
    const rocksdb::Slice value = put->value;
    status = batch.Put(items, JoinedKey(prefix, put->key), rocksdb::SliceParts(&value, 1));
  } else if (const auto* erase = std::get_if<Erase>(&mutation)) {
    status = batch.Delete(items, JoinedKey(prefix, erase->key));
  } else if (const auto* range = std::get_if<EraseRange>(&mutation)) {
    if (range->to <= range->from) return;
    status = batch.DeleteRange(items, JoinedKey(prefix, range->from), JoinedKey(prefix, range->to));
  } else {
    status = batch.DeleteRange(items, prefix, partition_end(partition));
  }
  MILLRACE_CHECK(status.ok());
}

}  // namespace

Result<LogRange*> WriteGroup::range(PartitionId partition) {
  auto found = ranges_.find(partition);
  if (found == ranges_.end()) {
    const LogRange before = TRY(logs_.range(partition));
    found = ranges_.emplace(partition, before).first;
  }
  return &found->second;
}

Status WriteGroup::add(const PartitionCommit& commit) {
  for (const Mutation& mutation : commit.mutations) {
    add_mutation(batch_, database_.items(), commit.partition, mutation);
  }
  if (commit.records.empty()) return Done{};
  extend(*TRY(range(commit.partition)), commit.records);
  for (const LogRecord& record : commit.records) {
    const auto status =
        batch_.Put(database_.log(), log_key(commit.partition, record.position), record.value);
    MILLRACE_CHECK(status.ok());
  }
  return Done{};
}

Status WriteGroup::add_trim(PartitionId partition, LogPosition erased_from, LogPosition before) {
  LogRange* trimmed = TRY(range(partition));
  trimmed->first = std::max(trimmed->first, std::min(before, trimmed->next));
  // Ranges that touch but do not overlap stay cheap to read past, however many there are.
  MILLRACE_CHECK(erased_from <= trimmed->first);
  auto status = batch_.DeleteRange(database_.log(), log_key(partition, erased_from),
                                   log_key(partition, trimmed->first));
  MILLRACE_CHECK(status.ok());
  status = batch_.Put(database_.log(), trim_mark_key(partition), encode_trim_mark(*trimmed));
  MILLRACE_CHECK(status.ok());
  trimmed_.push_back(partition);
  return Done{};
}

void WriteGroup::add_drop(PartitionId partition) {
  const Bytes from = partition_prefix(partition);
  const Bytes to = partition_end(partition);
  for (rocksdb::ColumnFamilyHandle* family : {database_.items(), database_.log()}) {
    MILLRACE_CHECK(batch_.DeleteRange(family, from, to).ok());
  }
  dropped_.push_back(partition);
}

Result<std::vector<PartitionLogs::Ready>> WriteGroup::write(Durability durability) {
  rocksdb::WriteOptions options;
  // Files that are unlinked must not be needed by a trim that a loss of power undoes.
  options.sync = durability == Durability::kCommit || !trimmed_.empty() || !dropped_.empty();
  if (batch_.Count() > 0) {
    TRY(to_status("writing a commit", database_.db().Write(options, &batch_)));
  }
  std::vector<PartitionLogs::Ready> ready = logs_.publish(ranges_);
  for (const PartitionId partition : dropped_) logs_.forget(partition);
  remove_trimmed_files();
  ranges_.clear();
  dropped_.clear();
  if (batch_.GetDataSize() > kKeptBatchBytes) {
    batch_ = rocksdb::WriteBatch();
  } else {
    batch_.Clear();
  }
  return ready;
}

void WriteGroup::remove_trimmed_files() {
  for (const PartitionId partition : trimmed_) {
    remove_files(database_, database_.log(), log_key(partition, 1),
                 log_key(partition, ranges_[partition].first));
  }
  trimmed_.clear();
}

void remove_files(Database& database, rocksdb::ColumnFamilyHandle* family, const Bytes& from,
                  const Bytes& to) {
  const rocksdb::Slice begin = from;
  const rocksdb::Slice end = to;
  const auto status =
      rocksdb::DeleteFilesInRange(&database.db(), family, &begin, &end, /*include_end=*/false);
  if (!status.ok()) log::warn("removing files failed", {{"error", status.ToString()}});
}

}  // namespace millrace::engine
