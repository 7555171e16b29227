#include "ops/database.h"

#include <limits>
#include <mutex>

#include "catalog/secret.h"

namespace millrace::ops {

std::shared_ptr<Lane> Lanes::find(engine::PartitionId partition) const {
  std::shared_lock lock(mutex_);
  auto found = lanes_.find(partition);
  return found == lanes_.end() ? nullptr : found->second;
}

void Lanes::add(engine::PartitionId partition, std::shared_ptr<Lane> lane) {
  std::unique_lock lock(mutex_);
  lanes_[partition] = std::move(lane);
}

void Lanes::remove(engine::PartitionId partition) {
  std::unique_lock lock(mutex_);
  lanes_.erase(partition);
}

Result<std::unique_ptr<Database>> Database::open(engine::Engine& engine, catalog::Catalog& catalog,
                                                 const Clock& clock, Random& secrets,
                                                 Random& random) {
  auto secret = TRY(catalog::load_or_create_secret(engine, "shard-iterator", secrets));
  std::unique_ptr<Database> database(
      new Database{engine, catalog, clock, random, std::move(secret)});
  for (const std::string& name : catalog.table_names("", std::numeric_limits<size_t>::max())) {
    auto table = catalog.find_table(name);
    for (const catalog::Partition& partition : table->partitions) {
      database->lanes.add(partition.id,
                          TRY(Lane::open(engine, catalog, clock, table, partition.id)));
    }
  }
  return database;
}

}  // namespace millrace::ops
