// What the writes of one batch of a lane see and change: one engine commit in the making.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.h"
#include "engine/engine.h"
#include "ops/consumed_capacity.h"
#include "ops/index_entry.h"
#include "ops/partition_statistics.h"
#include "streams/change_record.h"

namespace millrace::ops {

// What a write of an item did beside changing the item.
struct WriteEffects {
  std::vector<IndexUnits> index_units;  // of the indexes whose entries changed
  // Of the item's collection, afterwards; only of tables with local indexes.
  std::optional<int64_t> collection_bytes;
};

// The entries of one item in one index, before and after a write of the item.
struct IndexChange {
  const catalog::Index* index = nullptr;
  std::optional<IndexEntry> after;
  std::optional<IndexEntry> before;
};

// One item's change in the making.
struct ItemChange {
  Bytes storage_key;
  std::optional<Bytes> item;
  std::optional<Bytes> before;
  std::vector<IndexChange> indexes;  // whose entries change
  int64_t collection_bytes = 0;      // by how much the item's collection grows
};

// What the lane knows of its partition. Touched only by whoever runs the lane.
struct LaneState {
  engine::Engine& engine;
  const engine::PartitionId partition;
  catalog::TablePointer table;
  engine::LogPosition next_position = 1;
  // Of the latest record: those behind it are no older, however the clock is set.
  int64_t last_record_milliseconds = 0;
  // Since a split, a share of what the partition had: exact only in the sum of the table.
  PartitionStatistics statistics = {};
  // Of the indexes that are being built, by number: the storage key up to which items have
  // their entries. None has when there is no such key.
  std::map<uint32_t, Bytes> backfilled = {};
};

// What takes the place of a partition that splits: one half of its hashes.
struct SplitHalf {
  catalog::Partition partition;
  PartitionStatistics statistics;
  std::map<uint32_t, Bytes> backfilled;
};

// Lives for one batch.
class LaneBatch {
 public:
  LaneBatch(LaneState& state, int64_t now_milliseconds);

  [[nodiscard]] const catalog::Table& table() const { return *state_.table; }
  [[nodiscard]] engine::PartitionId partition() const { return state_.partition; }
  // The position that the next appended record takes.
  [[nodiscard]] engine::LogPosition next_position() const { return state_.next_position; }
  // Of the batch, in milliseconds since 1970: one reading of the clock for all its records.
  [[nodiscard]] int64_t now_milliseconds() const { return now_milliseconds_; }

  // The encoded item under a storage key, or nullopt. Errors are the engine's.
  Result<std::optional<Bytes>> get_item(const Bytes& storage_key);
  // What it takes to make `item` of `before`, which get_item() returned; nullopt removes it.
  // Changes nothing yet. ItemCollectionSizeLimitExceededException when it must not be.
  Result<ItemChange> prepare_item(const Bytes& storage_key, std::optional<Bytes> item,
                                  std::optional<Bytes> before);
  // Changes the item and the entries of all indexes with it. Several changes may be prepared before
  // the first is set, of different items.
  WriteEffects set_item(ItemChange change);
  // Of the items that share the item's partition key; nullopt in a table without local indexes.
  Result<std::optional<int64_t>> collection_bytes(const Bytes& storage_key);
  void append(const streams::ChangeRecord& record);

  // Makes the entries of the next items for an index that is being built, or for the times of TTL.
  // Whether all items of the partition have them now.
  Result<bool> backfill(uint32_t index_number, size_t items_max);
  // Forgets how far that has come: the table's change in this batch says that it is done.
  void finish_backfill(uint32_t index_number);
  // Forgets all that the partition knows of an index, or of the times of TTL.
  void drop_index(uint32_t index_number);

  // Changes the table itself: committed with the batch, published when that is done. The batch ends
  // with the write that calls this.
  void change_catalog(catalog::Change change);
  // Every write after it is refused: the table is gone.
  void drop_partition();
  // Puts two partitions, with these ids, in the place of this one, at the middle of its hashes.
  // Every write after it goes on to them. The table's change in this batch says so.
  void split_partition(engine::PartitionId low, engine::PartitionId high);

  // What is committed with the batch to a partition that has no lane.
  void commit_also(engine::PartitionCommit commit) {
    further_commits_.push_back(std::move(commit));
  }

  // --- for the lane ---
  [[nodiscard]] bool empty() const {
    return commit_.mutations.empty() && items_commit_.mutations.empty() &&
           further_commits_.empty() && !catalog_change_;
  }
  [[nodiscard]] size_t commit_bytes() const { return commit_bytes_; }
  [[nodiscard]] uint64_t written_items() const { return written_items_; }
  [[nodiscard]] const std::optional<catalog::Change>& catalog_change() const {
    return catalog_change_;
  }
  [[nodiscard]] bool drops_partition() const { return drops_partition_; }
  // In the order of their hashes; none unless the partition splits.
  [[nodiscard]] const std::vector<SplitHalf>& split_halves() const { return split_halves_; }
  // The commits of all partitions that the batch changes, but not of the catalog. Call once.
  [[nodiscard]] std::vector<engine::PartitionCommit> take_commits();

 private:
  struct FoundItems {
    std::map<Bytes, Bytes> items;  // by storage key
    std::optional<Bytes> reached;  // the last one looked at; none: there are no more
  };

  [[nodiscard]] bool is_building(uint32_t index_number) const;
  [[nodiscard]] bool is_backfilled(uint32_t index_number, const Bytes& storage_key) const;
  Result<std::vector<IndexChange>> index_changes(const ItemChange& change) const;
  int64_t change_collection(const Bytes& storage_key, int64_t bytes);
  void change_index(IndexChange change);
  void change_expiry(const ItemChange& change);
  Result<FoundItems> items_behind(const Bytes* storage_key, size_t items_max);
  Status add_entries(uint32_t index_number, const std::map<Bytes, Bytes>& items);
  // Of this partition among the table's.
  [[nodiscard]] size_t own_index() const;
  void put(engine::PartitionId partition, Bytes key, Bytes value);
  void erase(engine::PartitionId partition, Bytes key);
  engine::PartitionCommit& commit_of(engine::PartitionId partition);

  LaneState& state_;
  const int64_t now_milliseconds_;
  engine::PartitionCommit commit_;
  engine::PartitionCommit items_commit_;
  std::map<engine::PartitionId, engine::PartitionCommit> other_commits_;  // of indexes
  std::vector<engine::PartitionCommit> further_commits_;
  size_t commit_bytes_ = 0;
  uint64_t written_items_ = 0;
  std::unordered_map<Bytes, std::optional<Bytes>> changed_;  // of the items, by key
  std::optional<catalog::Change> catalog_change_;
  bool drops_partition_ = false;
  std::vector<SplitHalf> split_halves_;
};

}  // namespace millrace::ops
