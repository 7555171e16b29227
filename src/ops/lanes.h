// The lanes of all partitions, by partition.
#pragma once

#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "ops/lane.h"

namespace millrace::ops {

// Thread-safe.
class Lanes {
 public:
  Lanes(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock)
      : context_{engine, catalog, clock, *this} {}

  // Opens the lanes of the table's partitions.
  [[nodiscard]] Status open(const catalog::TablePointer& table);

  // nullptr when the partition is gone. The lane of one that has split is there until the table is
  // deleted, and leads to those of its halves.
  [[nodiscard]] std::shared_ptr<Lane> find(engine::PartitionId partition) const;
  // Of all partitions of the table as it is now, in their order. ResourceNotFoundException when the
  // table is gone, also when another has its name.
  [[nodiscard]] Result<std::vector<std::shared_ptr<Lane>>> find_all(
      const std::string& table_name, const std::string& table_id) const;

  void add(engine::PartitionId partition, std::shared_ptr<Lane> lane);
  void remove_all(const std::string& table_id);

 private:
  const LaneContext context_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<engine::PartitionId, std::shared_ptr<Lane>> lanes_;  // guarded by mutex_
};

}  // namespace millrace::ops
