// A change of a table's description, made by the table's lane: between two writes, and whole.
#pragma once

#include "ops/call.h"
#include "ops/lane.h"

namespace millrace::ops {

class TableChange : public LaneWrite {
 public:
  explicit TableChange(Reply reply) : reply_(std::move(reply)) {}

  Status evaluate(LaneBatch& batch) final;
  void complete(Status status) final;

 private:
  // `table` is a copy of what the table is now and takes its place. Streams that change with it go
  // into `change`. On an error nothing changes.
  virtual Status apply(LaneBatch& batch, catalog::Table& table, catalog::Change& change) = 0;
  // JSON text, once the change is durable.
  virtual std::string response(const catalog::Table& table) = 0;

  const Reply reply_;
  catalog::TablePointer table_;
};

// Completes the change sooner or later; with ResourceNotFoundException when the table is gone.
void submit_table_change(const Database& database, const catalog::Table& table,
                         std::unique_ptr<TableChange> change);

}  // namespace millrace::ops
