#include "ops/lanes.h"

#include <mutex>

#include <fmt/format.h>

namespace millrace::ops {

Status Lanes::open(const catalog::TablePointer& table) {
  for (const catalog::Partition& partition : table->partitions) {
    add(partition.id, TRY(Lane::open(context_, table, partition.id)));
  }
  return Done{};
}

std::shared_ptr<Lane> Lanes::find(engine::PartitionId partition) const {
  std::shared_lock lock(mutex_);
  auto found = lanes_.find(partition);
  return found == lanes_.end() ? nullptr : found->second;
}

Result<std::vector<std::shared_ptr<Lane>>> Lanes::find_all(const std::string& table_name,
                                                           const std::string& table_id) const {
  const auto table = context_.catalog.find_table(table_name);
  std::vector<std::shared_ptr<Lane>> lanes;
  if (table && table->id == table_id) {
    for (const catalog::Partition& partition : table->partitions) {
      if (auto lane = find(partition.id)) lanes.push_back(std::move(lane));
    }
  }
  // Either all are there or, once the table is deleted, none.
  if (!lanes.empty() && lanes.size() == table->partitions.size()) return lanes;
  return Error{ErrorCode::kResourceNotFoundException,
               fmt::format("Requested resource not found: Table: {} not found", table_name)};
}

void Lanes::add(engine::PartitionId partition, std::shared_ptr<Lane> lane) {
  std::unique_lock lock(mutex_);
  lanes_[partition] = std::move(lane);
}

void Lanes::remove_all(const std::string& table_id) {
  std::unique_lock lock(mutex_);
  std::erase_if(lanes_, [&](const auto& entry) { return entry.second->table_id() == table_id; });
}

}  // namespace millrace::ops
