#include "engine/rocksdb/rocksdb_engine.h"

#include <algorithm>

#include <rocksdb/snapshot.h>

#include "engine/rocksdb/commit_thread.h"
#include "engine/rocksdb/database.h"
#include "engine/rocksdb/key_layout.h"

namespace millrace::engine {
namespace {

Result<LogRange> load_range(Database& database, PartitionId partition) {
  LogRange range{.first = 1, .next = 1};
  Bytes mark;
  const auto status =
      database.db().Get(rocksdb::ReadOptions(), database.log(), trim_mark_key(partition), &mark);
  if (status.ok()) {
    const auto decoded = decode_trim_mark(mark);
    if (!decoded) return internal_error("trim mark of partition is malformed");
    range = *decoded;
  } else if (!status.IsNotFound()) {
    return storage_error("reading a trim mark", status);
  }

  // What was trimmed may still lie in the files, to be read past.
  const Bytes begin = log_key(partition, range.first);
  const Bytes end = partition_end(partition);
  const rocksdb::Slice lower = begin;
  const rocksdb::Slice upper = end;
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> last(database.db().NewIterator(options, database.log()));
  last->SeekToLast();
  if (last->Valid()) {
    const auto position = log_key_position(last->key().ToStringView());
    if (!position) return internal_error("log key is malformed");
    range.next = std::max(range.next, *position + 1);
  }
  TRY(to_status("reading the end of a log", last->status()));
  return range;
}

class RocksdbEngine final : public Engine {
 public:
  RocksdbEngine(std::unique_ptr<Database> database, Durability durability)
      : database_(std::move(database)),
        logs_([this](PartitionId partition) { return load_range(*database_, partition); }),
        commits_(*database_, logs_, durability) {}

  Result<std::optional<Bytes>> get(PartitionId partition, ByteView key) override {
    Bytes value;
    const auto status = database_->db().Get(rocksdb::ReadOptions(), database_->items(),
                                            item_key(partition, key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    TRY(to_status("reading an item", status));
    return std::optional(std::move(value));
  }

  Result<std::vector<std::optional<Bytes>>> get_all(const std::vector<Place>& places) override {
    std::vector<Bytes> keys;
    for (const Place& place : places) keys.push_back(item_key(place.partition, place.key));
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    rocksdb::ManagedSnapshot moment(&database_->db());
    rocksdb::ReadOptions options;
    options.snapshot = moment.snapshot();
    database_->db().MultiGet(options, database_->items(), slices.size(), slices.data(),
                             found.data(), statuses.data());
    std::vector<std::optional<Bytes>> values(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      TRY(to_status("reading items", statuses[i]));
      values[i] = found[i].ToString();
    }
    return values;
  }

  Status scan(PartitionId partition, const KeyRange& range, Direction direction,
              const ScanVisitor& visit) override {
    if (range.to && *range.to <= range.from) return Done{};
    const Bytes from = item_key(partition, range.from);
    const Bytes to = range.to ? item_key(partition, *range.to) : partition_end(partition);
    const rocksdb::Slice lower = from;
    const rocksdb::Slice upper = to;
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        database_->db().NewIterator(options, database_->items()));

    const bool forward = direction == Direction::kForward;
    for (forward ? at->SeekToFirst() : at->SeekToLast(); at->Valid();
         forward ? at->Next() : at->Prev()) {
      const ByteView key = at->key().ToStringView().substr(kPartitionPrefixBytes);
      if (!visit(key, at->value().ToStringView())) break;
    }
    return to_status("scanning items", at->status());
  }

  void commit(std::vector<PartitionCommit> commit, CommitDone done) override {
    commits_.submit(std::move(commit), std::move(done));
  }

  Status read_log(PartitionId partition, LogPosition from, const LogVisitor& visit) override {
    const LogRange range = TRY(logs_.range(partition));
    if (from >= range.next) return Done{};
    const Bytes first = log_key(partition, std::max(from, range.first));
    const Bytes end = partition_end(partition);
    const rocksdb::Slice lower = first;
    const rocksdb::Slice upper = end;
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        database_->db().NewIterator(options, database_->log()));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      const auto position = log_key_position(at->key().ToStringView());
      if (!position) return internal_error("log key is malformed");
      if (!visit(*position, at->value().ToStringView())) break;
    }
    return to_status("reading a log", at->status());
  }

  Result<LogRange> log_range(PartitionId partition) override { return logs_.range(partition); }

  Result<uint64_t> log_bytes(PartitionId partition, LogPosition first, LogPosition next) override {
    const Bytes from = log_key(partition, first);
    const Bytes to = log_key(partition, next);
    const rocksdb::Range range{from, to};
    rocksdb::SizeApproximationOptions options;
    options.include_memtables = true;
    options.include_files = true;
    uint64_t bytes = 0;
    TRY(to_status("measuring a log", database_->db().GetApproximateSizes(options, database_->log(),
                                                                         &range, 1, &bytes)));
    return bytes;
  }

  Status trim_log(PartitionId partition, LogPosition before) override {
    const LogPosition first = TRY(logs_.trim(partition, before)).first;
    if (before > first) commits_.submit(Trim{partition, first, before}, nullptr);
    return Done{};
  }

  void wait_log(PartitionId partition, LogPosition position, std::function<void()> ready) override {
    logs_.wait(partition, position, std::move(ready));
  }

  Status drop(PartitionId partition) override {
    TRY(commits_.submit_and_wait(Drop{partition}));
    const Bytes from = partition_prefix(partition);
    const Bytes to = partition_end(partition);
    remove_files(*database_, database_->items(), from, to);
    remove_files(*database_, database_->log(), from, to);
    return Done{};
  }

  [[nodiscard]] bool cheap_across_partitions() const override { return true; }

 private:
  const std::unique_ptr<Database> database_;
  PartitionLogs logs_;
  CommitThread commits_;
};

}  // namespace

Result<std::unique_ptr<Engine>> open_rocksdb_engine(const RocksdbOptions& options) {
  auto database = TRY(Database::open(options));
  return std::unique_ptr<Engine>(
      std::make_unique<RocksdbEngine>(std::move(database), options.durability));
}

}  // namespace millrace::engine
