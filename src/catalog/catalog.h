// All tables and streams: kept in memory, stored in the engine's partition 0
// (docs/formats/catalog.md).
//
// The catalog does not commit by itself. Whoever changes a table builds a Change, commits
// `commit_of(change)` together with what else must be atomic with it, and publishes it when the
// commit is done. Changes of one table are made one after the other, in the table's lane.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "catalog/arn.h"
#include "catalog/table.h"

namespace millrace::catalog {

using TablePointer = std::shared_ptr<const Table>;
using StreamPointer = std::shared_ptr<const Stream>;

inline constexpr engine::PartitionId kCatalogPartition = 0;
// From here up no table's partition is found: the server keeps what is its own there.
inline constexpr engine::PartitionId kFirstReservedPartition = UINT64_MAX - 255;
inline constexpr engine::PartitionId kFirstRequestTokensPartition = kFirstReservedPartition;
inline constexpr engine::PartitionId kFunctionsPartition = kFirstReservedPartition + 4;
inline constexpr engine::PartitionId kTriggersPartition = kFirstReservedPartition + 5;
inline constexpr engine::PartitionId kLogsPartition = kFirstReservedPartition + 6;
inline constexpr engine::PartitionId kAuditPartition = kFirstReservedPartition + 7;
inline constexpr engine::PartitionId kAccessPartition = kFirstReservedPartition + 8;

// Tables and streams that take the place of what had their names, or are new.
struct Change {
  std::vector<TablePointer> tables;
  std::vector<std::string> dropped_tables;  // names
  std::vector<StreamPointer> streams;
  std::vector<StreamPointer> dropped_streams = {};  // not the latest of a table
};

struct StreamPage {
  std::vector<StreamPointer> streams;
  bool more = false;
};

// Thread-safe. The engine must outlive it.
class Catalog {
 public:
  // Reads everything that is stored. InternalServerError when that is damaged.
  static Result<std::unique_ptr<Catalog>> open(engine::Engine& engine, Site site);

  [[nodiscard]] const Site& site() const { return site_; }

  // nullptr when there is none of that name.
  [[nodiscard]] TablePointer find_table(std::string_view name) const;
  // Names in byte order, above `after`, at most `limit`.
  [[nodiscard]] std::vector<std::string> table_names(std::string_view after, size_t limit) const;
  // Includes tables that are being created.
  [[nodiscard]] size_t table_count() const;

  // nullptr when there is none: disabled streams, also those of deleted tables, are there.
  [[nodiscard]] StreamPointer find_stream(std::string_view table_name,
                                          std::string_view label) const;
  // In order of table name and label; of one table only when `table_name` is not empty. Begins
  // above the stream (after_table, after_label) unless that is empty.
  [[nodiscard]] StreamPage list_streams(std::string_view table_name, std::string_view after_table,
                                        std::string_view after_label, size_t limit) const;

  // Takes the name for a table to be created: false when it is taken. Publishing a table of that
  // name, or release_name(), ends the reservation.
  [[nodiscard]] bool reserve_name(const std::string& name);
  void release_name(const std::string& name);

  // An id that no partition had before. It is stored with the next commit_of().
  [[nodiscard]] engine::PartitionId new_partition_id();

  [[nodiscard]] engine::PartitionCommit commit_of(const Change& change) const;
  void publish(const Change& change);
  // Called after every publish(), on its thread; must not block nor call the catalog. Until it is
  // removed, which waits for calls in progress.
  using Listener = std::function<void(const Change&)>;
  using ListenerId = uint64_t;
  [[nodiscard]] ListenerId add_listener(Listener listener);
  void remove_listener(ListenerId id);

 private:
  using StreamKey = std::pair<std::string, std::string>;  // table name, label

  explicit Catalog(Site site) : site_(std::move(site)) {}
  Status load(engine::Engine& engine);
  // Keeps new partition ids above `id`.
  void note_partition(engine::PartitionId id);
  Status load_entry(ByteView key, ByteView value,
                    std::map<std::string, std::string>& latest_stream_labels);

  const Site site_;
  mutable std::shared_mutex mutex_;
  // guarded by mutex_
  std::map<std::string, TablePointer, std::less<>> tables_;
  std::map<StreamKey, StreamPointer> streams_;
  std::set<std::string> reserved_names_;
  engine::PartitionId next_partition_ = 1;

  std::mutex listener_mutex_;
  std::map<ListenerId, Listener> listeners_;  // guarded by listener_mutex_
  ListenerId next_listener_ = 1;              // guarded by listener_mutex_
};

}  // namespace millrace::catalog
