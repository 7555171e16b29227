#include "ops/lane_batch.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "model/item_encoding.h"
#include "ops/expiry_entry.h"
#include "ops/index_entry.h"
#include "ops/storage_key.h"

namespace millrace::ops {
namespace {

// Developer Guide, "Quotas": of a table with local secondary indexes.
constexpr int64_t kCollectionBytesMax = 10LL * 1024 * 1024 * 1024;
// Above every key of an item.
constexpr std::string_view kAllItems = "\xFF";
constexpr size_t kBackfillBytesMax = 1024 * 1024;

int64_t item_bytes(ByteView item) {
  auto size = encoded_item_size_bytes(item);
  MILLRACE_CHECK(size.has_value());
  return static_cast<int64_t>(*size);
}

SizeStatistics difference(const Bytes* after, const Bytes* before) {
  SizeStatistics change;
  if (after != nullptr) change += {1, item_bytes(*after)};
  if (before != nullptr) change += {-1, -item_bytes(*before)};
  return change;
}

Bytes collection_size_key(const catalog::KeySchema& schema, ByteView storage_key) {
  Bytes key(1, kCollectionTag);
  key += split_storage_key(schema, storage_key).partition_key;
  return key;
}

bool moves(const IndexChange& change) {
  return change.before && change.after && change.before->key != change.after->key;
}

SizeStatistics difference(const IndexChange& change) {
  return difference(change.after ? &change.after->item : nullptr,
                    change.before ? &change.before->item : nullptr);
}

// An entry that moves is one removed and one made.
double units(const IndexChange& change) {
  const auto bytes_after = static_cast<size_t>(change.after ? item_bytes(change.after->item) : 0);
  const auto bytes_before =
      static_cast<size_t>(change.before ? item_bytes(change.before->item) : 0);
  if (moves(change)) return write_units(bytes_before, 0) + write_units(0, bytes_after);
  return write_units(bytes_before, bytes_after);
}

}  // namespace

LaneBatch::LaneBatch(LaneState& state, int64_t now_milliseconds)
    : state_(state),
      now_milliseconds_(std::max(now_milliseconds, state.last_record_milliseconds)),
      commit_{state.partition, {}, {}},
      items_commit_{state.table->items_partition, {}, {}} {}

Result<std::optional<Bytes>> LaneBatch::get_item(const Bytes& storage_key) {
  auto changed = changed_.find(storage_key);
  if (changed != changed_.end()) return changed->second;
  return state_.engine.get(table().items_partition, storage_key);
}

Result<ItemChange> LaneBatch::prepare_item(const Bytes& storage_key, std::optional<Bytes> item,
                                           std::optional<Bytes> before) {
  ItemChange change{storage_key, std::move(item), std::move(before), {}, 0};
  change.indexes = TRY(index_changes(change));
  if (!table().has_local_indexes()) return change;
  change.collection_bytes =
      difference(change.item ? &*change.item : nullptr, change.before ? &*change.before : nullptr)
          .item_bytes;
  for (const IndexChange& index : change.indexes) {
    if (!index.index->global) change.collection_bytes += difference(index).item_bytes;
  }
  const int64_t collection = *TRY(collection_bytes(storage_key)) + change.collection_bytes;
  if (change.collection_bytes > 0 && collection > kCollectionBytesMax) {
    return Error{ErrorCode::kItemCollectionSizeLimitExceededException, "Collection size exceeded."};
  }
  return change;
}

WriteEffects LaneBatch::set_item(ItemChange change) {
  WriteEffects effects;
  ++written_items_;
  if (table().has_local_indexes()) {
    effects.collection_bytes = change_collection(change.storage_key, change.collection_bytes);
  }
  for (IndexChange& index : change.indexes) {
    effects.index_units.push_back({index.index->name, index.index->global, units(index)});
    change_index(std::move(index));
  }
  change_expiry(change);
  state_.statistics.items +=
      difference(change.item ? &*change.item : nullptr, change.before ? &*change.before : nullptr);
  if (change.item) {
    put(table().items_partition, change.storage_key, *change.item);
  } else {
    erase(table().items_partition, change.storage_key);
  }
  changed_[std::move(change.storage_key)] = std::move(change.item);
  return effects;
}

bool LaneBatch::is_backfilled(uint32_t index_number, const Bytes& storage_key) const {
  auto found = state_.backfilled.find(index_number);
  return found != state_.backfilled.end() && storage_key <= found->second;
}

// Only of the indexes whose entries change.
Result<std::vector<IndexChange>> LaneBatch::index_changes(const ItemChange& change) const {
  std::vector<IndexChange> changes;
  const auto& [storage_key, item, before, indexes, collection_bytes] = change;
  for (const catalog::Index& index : table().indexes) {
    // The backfill has yet to come to this item, and will see what it then is.
    if (index.backfilling && !is_backfilled(index.number, storage_key)) continue;
    IndexChange entries{&index, std::nullopt, std::nullopt};
    if (item) entries.after = TRY(index_entry(table(), index, storage_key, *item));
    if (before) entries.before = TRY(index_entry(table(), index, storage_key, *before));
    if (entries.after != entries.before) changes.push_back(std::move(entries));
  }
  return changes;
}

Result<std::optional<int64_t>> LaneBatch::collection_bytes(const Bytes& storage_key) {
  if (!table().has_local_indexes()) return std::optional<int64_t>();
  const Bytes key = collection_size_key(table().key_schema, storage_key);
  auto stored = TRY(get_item(key));
  // Read once: set_item() must not fail.
  changed_[key] = stored;
  if (!stored) return std::optional<int64_t>(0);
  auto bytes = ByteReader(*stored).read_varint();
  if (!bytes) return internal_error("the size of an item collection cannot be read");
  return std::optional(static_cast<int64_t>(*bytes));
}

int64_t LaneBatch::change_collection(const Bytes& storage_key, int64_t bytes) {
  auto before = collection_bytes(storage_key);
  MILLRACE_CHECK(before.ok());
  const int64_t collection = before->value() + bytes;
  MILLRACE_CHECK(collection >= 0);
  const Bytes key = collection_size_key(table().key_schema, storage_key);
  std::optional<Bytes> value;
  if (collection > 0) append_varint(value.emplace(), static_cast<uint64_t>(collection));
  if (value) {
    put(table().items_partition, key, *value);
  } else {
    erase(table().items_partition, key);
  }
  changed_[key] = std::move(value);
  return collection;
}

void LaneBatch::change_index(IndexChange change) {
  const engine::PartitionId partition =
      change.index->global ? change.index->partition : table().items_partition;
  state_.statistics.indexes[change.index->number] += difference(change);
  if (change.before && (!change.after || moves(change))) {
    erase(partition, std::move(change.before->key));
  }
  if (change.after) put(partition, std::move(change.after->key), std::move(change.after->item));
}

void LaneBatch::change_expiry(const ItemChange& change) {
  const auto& [storage_key, item, before, indexes, collection_bytes] = change;
  const auto& time_to_live = table().time_to_live;
  if (!time_to_live) return;
  if (time_to_live->backfilling && !is_backfilled(time_to_live->number, storage_key)) return;
  const auto after_seconds = item ? expiry_seconds(*time_to_live, *item) : std::nullopt;
  const auto before_seconds = before ? expiry_seconds(*time_to_live, *before) : std::nullopt;
  if (after_seconds == before_seconds) return;
  if (before_seconds) {
    erase(time_to_live->partition, expiry_entry_key(*before_seconds, storage_key));
  }
  if (after_seconds) {
    put(time_to_live->partition, expiry_entry_key(*after_seconds, storage_key), Bytes());
  }
}

void LaneBatch::append(const streams::ChangeRecord& record) {
  Bytes bytes = encode_change_record(record);
  commit_bytes_ += bytes.size();
  commit_.records.push_back({state_.next_position++, std::move(bytes)});
  state_.last_record_milliseconds = now_milliseconds_;
}

// Not once the index is removed, or done.
bool LaneBatch::is_building(uint32_t index_number) const {
  const auto& time_to_live = table().time_to_live;
  if (time_to_live && time_to_live->number == index_number) return time_to_live->backfilling;
  const auto& indexes = table().indexes;
  return std::any_of(indexes.begin(), indexes.end(), [&](const catalog::Index& index) {
    return index.number == index_number && index.backfilling;
  });
}

Result<bool> LaneBatch::backfill(uint32_t index_number, size_t items_max) {
  if (!is_building(index_number)) return true;
  auto begun = state_.backfilled.find(index_number);
  auto found =
      TRY(items_behind(begun == state_.backfilled.end() ? nullptr : &begun->second, items_max));
  TRY(add_entries(index_number, found.items));
  Bytes& reached = state_.backfilled[index_number];
  reached = found.reached.value_or(Bytes(kAllItems));
  put(state_.partition, backfill_key(index_number), reached);
  return !found.reached.has_value();
}

// As the batch sees them: what is committed, and what earlier writes of the batch changed.
Result<LaneBatch::FoundItems> LaneBatch::items_behind(const Bytes* storage_key, size_t items_max) {
  const size_t index = own_index();
  auto range = KeySpace::of_items().range_of_hashes(table().partitions[index].first_hash,
                                                    table().last_hash_of(index));
  if (storage_key != nullptr) {
    begin_behind(range, engine::Direction::kForward, *storage_key);
  }
  FoundItems found;
  size_t bytes = 0;
  TRY(state_.engine.scan(table().items_partition, range, engine::Direction::kForward,
                         [&](ByteView key, ByteView item) {
                           found.items.emplace(key, item);
                           bytes += item.size();
                           if (found.items.size() < items_max && bytes < kBackfillBytesMax) {
                             return true;
                           }
                           found.reached = key;
                           return false;
                         }));
  for (const auto& [key, item] : changed_) {
    if (key < range.from || key >= *range.to || (found.reached && key > *found.reached)) continue;
    found.items.erase(key);
    if (item) found.items.emplace(key, *item);
  }
  return found;
}

Status LaneBatch::add_entries(uint32_t index_number, const std::map<Bytes, Bytes>& items) {
  const auto& time_to_live = table().time_to_live;
  if (time_to_live && time_to_live->number == index_number) {
    for (const auto& [storage_key, item] : items) {
      if (auto seconds = expiry_seconds(*time_to_live, item)) {
        put(time_to_live->partition, expiry_entry_key(*seconds, storage_key), Bytes());
      }
    }
    return Done{};
  }
  std::vector<IndexChange> changes;
  for (const catalog::Index& index : table().indexes) {
    if (index.number != index_number) continue;
    for (const auto& [storage_key, item] : items) {
      auto entry = TRY(index_entry(table(), index, storage_key, item));
      if (entry) changes.push_back({&index, std::move(entry), std::nullopt});
    }
  }
  for (IndexChange& change : changes) change_index(std::move(change));
  return Done{};
}

void LaneBatch::finish_backfill(uint32_t index_number) {
  erase(state_.partition, backfill_key(index_number));
  state_.backfilled.erase(index_number);
}

void LaneBatch::drop_index(uint32_t index_number) {
  finish_backfill(index_number);
  state_.statistics.indexes.erase(index_number);
}

void LaneBatch::change_catalog(catalog::Change change) {
  MILLRACE_CHECK(!catalog_change_);
  catalog_change_ = std::move(change);
}

void LaneBatch::drop_partition() {
  commit_.mutations.emplace_back(engine::EraseAll{});
  state_.statistics = {};
  drops_partition_ = true;
}

size_t LaneBatch::own_index() const {
  const auto& partitions = table().partitions;
  auto found = std::find_if(partitions.begin(), partitions.end(),
                            [&](const auto& one) { return one.id == state_.partition; });
  MILLRACE_CHECK(found != partitions.end());
  return static_cast<size_t>(found - partitions.begin());
}

void LaneBatch::split_partition(engine::PartitionId low, engine::PartitionId high) {
  const size_t index = own_index();
  const uint64_t first = table().partitions[index].first_hash;
  const uint64_t middle = first + (table().last_hash_of(index) - first) / 2 + 1;
  auto [low_statistics, high_statistics] = halves(state_.statistics);
  split_halves_.push_back({{low, first}, std::move(low_statistics), {}});
  split_halves_.push_back({{high, middle}, std::move(high_statistics), {}});
  const Bytes boundary = KeySpace::of_items().range_of_hashes(middle, middle).from;
  for (const auto& [number, reached] : state_.backfilled) {
    split_halves_[0].backfilled[number] = reached < boundary ? reached : Bytes(kAllItems);
    if (reached >= boundary) split_halves_[1].backfilled[number] = reached;
  }
  erase(state_.partition, Bytes(kStatisticsKey));
  for (const auto& [number, reached] : state_.backfilled) {
    erase(state_.partition, backfill_key(number));
  }
  for (const SplitHalf& half : split_halves_) {
    put(half.partition.id, Bytes(kStatisticsKey), encode_statistics(half.statistics));
    for (const auto& [number, reached] : half.backfilled) {
      put(half.partition.id, backfill_key(number), reached);
    }
  }
}

void LaneBatch::put(engine::PartitionId partition, Bytes key, Bytes value) {
  commit_bytes_ += key.size() + value.size();
  commit_of(partition).mutations.emplace_back(engine::Put{std::move(key), std::move(value)});
}

void LaneBatch::erase(engine::PartitionId partition, Bytes key) {
  commit_bytes_ += key.size();
  commit_of(partition).mutations.emplace_back(engine::Erase{std::move(key)});
}

engine::PartitionCommit& LaneBatch::commit_of(engine::PartitionId partition) {
  if (partition == items_commit_.partition) return items_commit_;
  if (partition == state_.partition) return commit_;
  auto& commit = other_commits_[partition];
  commit.partition = partition;
  return commit;
}

std::vector<engine::PartitionCommit> LaneBatch::take_commits() {
  std::vector<engine::PartitionCommit> commits;
  if (!commit_.mutations.empty() || !items_commit_.mutations.empty()) {
    if (!drops_partition_ && split_halves_.empty()) {
      put(state_.partition, Bytes(kStatisticsKey), encode_statistics(state_.statistics));
    }
    commits.push_back(std::move(commit_));
  }
  if (!items_commit_.mutations.empty()) commits.push_back(std::move(items_commit_));
  for (auto& [partition, commit] : other_commits_) commits.push_back(std::move(commit));
  for (auto& commit : further_commits_) commits.push_back(std::move(commit));
  return commits;
}

}  // namespace millrace::ops
