#include "catalog/catalog.h"

#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "catalog/descriptor.h"
#include "catalog/secret.h"

namespace millrace::catalog {
namespace {

constexpr char kTableTag = 'T';
constexpr char kStreamTag = 'S';
constexpr std::string_view kNextPartitionKey = "N";

Bytes table_key(std::string_view name) {
  return kTableTag + std::string(name);
}
Bytes stream_key(const Stream& stream) {
  // No table name holds a zero byte.
  return kStreamTag + stream.table_name + '\0' + stream.label;
}

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(engine::Engine& engine, Site site) {
  std::unique_ptr<Catalog> catalog(new Catalog(std::move(site)));
  TRY(catalog->load(engine));
  return catalog;
}

Status Catalog::load(engine::Engine& engine) {
  std::map<std::string, std::string> latest_stream_labels;
  Status entries = Done{};
  TRY(engine.scan(kCatalogPartition, {}, engine::Direction::kForward,
                  [&](ByteView key, ByteView value) {
                    entries = load_entry(key, value, latest_stream_labels);
                    return entries.ok();
                  }));
  TRY(std::move(entries));
  for (const auto& [name, table] : tables_) {
    note_partition(table->items_partition);
    for (const Partition& partition : table->partitions) note_partition(partition.id);
    for (const Index& index : table->indexes) note_partition(index.partition);
    if (table->time_to_live) note_partition(table->time_to_live->partition);
  }
  for (const auto& [key, stream] : streams_) {
    for (const Shard& shard : stream->shards) note_partition(shard.partition);
  }
  for (const auto& [table_name, label] : latest_stream_labels) {
    auto stream = streams_.find({table_name, label});
    if (stream == streams_.end()) {
      return internal_error("the stream " + label + " of table " + table_name + " is missing");
    }
    auto table = std::make_shared<Table>(*tables_.at(table_name));
    table->latest_stream = stream->second;
    tables_[table_name] = std::move(table);
  }
  return Done{};
}

void Catalog::note_partition(engine::PartitionId id) {
  next_partition_ = std::max(next_partition_, id + 1);
}

Status Catalog::load_entry(ByteView key, ByteView value,
                           std::map<std::string, std::string>& latest_stream_labels) {
  if (key.starts_with(kTableTag)) {
    auto read = TRY(read_table(value));
    const std::string name = read.table.name;
    if (read.latest_stream_label) latest_stream_labels[name] = *read.latest_stream_label;
    tables_[name] = std::make_shared<const Table>(std::move(read.table));
  } else if (key.starts_with(kStreamTag)) {
    auto stream = std::make_shared<const Stream>(TRY(read_stream(value)));
    streams_[{stream->table_name, stream->label}] = stream;
  } else if (key == kNextPartitionKey) {
    auto next = ByteReader(value).read_u64();
    if (!next) return internal_error("the stored partition counter cannot be read");
    next_partition_ = *next;
  } else if (!key.starts_with(kSecretTag)) {
    return internal_error("the catalog holds an entry of an unknown kind");
  }
  return Done{};
}

TablePointer Catalog::find_table(std::string_view name) const {
  std::shared_lock lock(mutex_);
  auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

std::vector<std::string> Catalog::table_names(std::string_view after, size_t limit) const {
  std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  for (auto at = tables_.upper_bound(after); at != tables_.end() && names.size() < limit; ++at) {
    names.push_back(at->first);
  }
  return names;
}

size_t Catalog::table_count() const {
  std::shared_lock lock(mutex_);
  return tables_.size() + reserved_names_.size();
}

StreamPointer Catalog::find_stream(std::string_view table_name, std::string_view label) const {
  std::shared_lock lock(mutex_);
  auto found = streams_.find({std::string(table_name), std::string(label)});
  return found == streams_.end() ? nullptr : found->second;
}

StreamPage Catalog::list_streams(std::string_view table_name, std::string_view after_table,
                                 std::string_view after_label, size_t limit) const {
  std::shared_lock lock(mutex_);
  StreamKey after(after_table, after_label);
  if (after < StreamKey(table_name, "")) after = StreamKey(table_name, "");
  StreamPage page;
  for (auto at = streams_.upper_bound(after); at != streams_.end(); ++at) {
    if (!table_name.empty() && at->first.first != table_name) break;
    if (page.streams.size() == limit) {
      page.more = true;
      break;
    }
    page.streams.push_back(at->second);
  }
  return page;
}

bool Catalog::reserve_name(const std::string& name) {
  std::unique_lock lock(mutex_);
  if (tables_.contains(name)) return false;
  return reserved_names_.insert(name).second;
}

void Catalog::release_name(const std::string& name) {
  std::unique_lock lock(mutex_);
  reserved_names_.erase(name);
}

engine::PartitionId Catalog::new_partition_id() {
  std::unique_lock lock(mutex_);
  return next_partition_++;
}

engine::PartitionCommit Catalog::commit_of(const Change& change) const {
  engine::PartitionCommit commit{kCatalogPartition, {}, {}};
  for (const TablePointer& table : change.tables) {
    commit.mutations.emplace_back(engine::Put{table_key(table->name), write_table(*table)});
  }
  for (const std::string& name : change.dropped_tables) {
    commit.mutations.emplace_back(engine::Erase{table_key(name)});
  }
  for (const StreamPointer& stream : change.streams) {
    commit.mutations.emplace_back(engine::Put{stream_key(*stream), write_stream(*stream)});
  }
  for (const StreamPointer& stream : change.dropped_streams) {
    commit.mutations.emplace_back(engine::Erase{stream_key(*stream)});
  }
  Bytes next;
  {
    std::shared_lock lock(mutex_);
    append_u64(next, next_partition_);
  }
  commit.mutations.emplace_back(engine::Put{Bytes(kNextPartitionKey), std::move(next)});
  return commit;
}

void Catalog::publish(const Change& change) {
  {
    std::unique_lock lock(mutex_);
    for (const std::string& name : change.dropped_tables) tables_.erase(name);
    for (const TablePointer& table : change.tables) {
      tables_[table->name] = table;
      reserved_names_.erase(table->name);
    }
    for (const StreamPointer& stream : change.streams) {
      streams_[{stream->table_name, stream->label}] = stream;
    }
    for (const StreamPointer& stream : change.dropped_streams) {
      streams_.erase({stream->table_name, stream->label});
    }
  }
  std::lock_guard lock(listener_mutex_);
  for (const auto& [id, listener] : listeners_) listener(change);
}

Catalog::ListenerId Catalog::add_listener(Listener listener) {
  std::lock_guard lock(listener_mutex_);
  listeners_.emplace(next_listener_, std::move(listener));
  return next_listener_++;
}

void Catalog::remove_listener(ListenerId id) {
  std::lock_guard lock(listener_mutex_);
  listeners_.erase(id);
}

}  // namespace millrace::catalog
