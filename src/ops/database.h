// What every operation works with. Owned by the application; outlives all calls.
#pragma once

#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "ops/joint_write.h"
#include "ops/lane.h"
#include "ops/request_tokens.h"
#include "ops/throttle.h"

namespace millrace::ops {

// The lanes of all partitions. Thread-safe.
class Lanes {
 public:
  // nullptr when the partition is gone.
  [[nodiscard]] std::shared_ptr<Lane> find(engine::PartitionId partition) const;
  void add(engine::PartitionId partition, std::shared_ptr<Lane> lane);
  void remove(engine::PartitionId partition);

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<engine::PartitionId, std::shared_ptr<Lane>> lanes_;  // guarded by mutex_
};

struct Database {
  // Opens a lane for every partition that the catalog knows. `secrets` makes keys, `random` all
  // else.
  static Result<std::unique_ptr<Database>> open(engine::Engine& engine, catalog::Catalog& catalog,
                                                const Clock& clock, Random& secrets,
                                                Random& random);

  engine::Engine& engine;
  catalog::Catalog& catalog;
  const Clock& clock;
  Random& random;
  Bytes iterator_secret;  // signs shard iterators
  Lanes lanes = {};
  JointWrites joint_writes = {};
  RequestTokens request_tokens{engine, clock};
  std::unique_ptr<Throttle> throttle = std::make_unique<Throttle>(clock);
};

}  // namespace millrace::ops
