// The work of many calls as one write to RocksDB, atomic and with one sync.
#pragma once

#include <rocksdb/write_batch.h>

#include "engine/partition_logs.h"
#include "engine/rocksdb/database.h"

namespace millrace::engine {

// For one thread. Add, write, and then again.
class WriteGroup {
 public:
  WriteGroup(Database& database, PartitionLogs& logs) : database_(database), logs_(logs) {}

  // After an error the group must not be written.
  [[nodiscard]] Status add(const PartitionCommit& commit);
  // Erases the records from `erased_from`, below which there are none, to `before`.
  [[nodiscard]] Status add_trim(PartitionId partition, LogPosition erased_from, LogPosition before);
  void add_drop(PartitionId partition);

  // Writes what was added, and publishes the new ranges of the logs. Returns the waits that are
  // over. The group is empty afterwards.
  [[nodiscard]] Result<std::vector<PartitionLogs::Ready>> write(Durability durability);

 private:
  // The partition's range as it will be after what was added.
  Result<LogRange*> range(PartitionId partition);
  void remove_trimmed_files();

  Database& database_;
  PartitionLogs& logs_;
  rocksdb::WriteBatch batch_;
  PartitionLogs::Ranges ranges_;
  std::vector<PartitionId> trimmed_;
  std::vector<PartitionId> dropped_;
};

// Unlinks the files that hold only what is between the two keys, without waiting for a compaction.
void remove_files(Database& database, rocksdb::ColumnFamilyHandle* family, const Bytes& from,
                  const Bytes& to);

}  // namespace millrace::engine
