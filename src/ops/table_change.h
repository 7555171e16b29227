// A change of a table's description, made in all lanes of the table: between two writes of each,
// and whole.
#pragma once

#include "ops/call.h"
#include "ops/joint_write.h"
#include "streams/lineage.h"

namespace millrace::ops {

using LaneBatches = std::span<LaneBatch* const>;

// Of a table, whatever becomes of it until the write's turn.
class TableWrite : public JointWrite {
 public:
  TableWrite(const Database& database, const catalog::Table& table)
      : lanes_(database.lanes), table_name_(table.name), table_id_(table.id) {}

  Result<std::vector<std::shared_ptr<Lane>>> find_lanes() final {
    return lanes_.find_all(table_name_, table_id_);
  }

 private:
  const Lanes& lanes_;
  const std::string table_name_;
  const std::string table_id_;
};

class TableChange : public TableWrite {
 public:
  TableChange(const Database& database, const catalog::Table& table, Reply reply)
      : TableWrite(database, table), reply_(std::move(reply)) {}

  Status evaluate(LaneBatches batches) final;
  void complete(Status status) final;

 private:
  // `table` is a copy of what the table is now and takes its place; there is one batch for each of
  // its partitions, in their order. Streams that change with it go into `change`. On an error
  // nothing changes.
  virtual Status apply(LaneBatches batches, catalog::Table& table, catalog::Change& change) = 0;
  // JSON text, once the change is durable.
  virtual std::string response(const catalog::Table& table) = 0;

  const Reply reply_;
  catalog::TablePointer table_;
};

// Where the logs of the partitions end.
[[nodiscard]] std::vector<streams::LogEnd> log_ends(LaneBatches batches);

// Removes all entries of an index, or of the times of TTL.
void drop_index(LaneBatches batches, uint32_t index_number, engine::PartitionId index_partition);

}  // namespace millrace::ops
