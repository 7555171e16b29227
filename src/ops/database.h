// What every operation works with. Owned by the application; outlives all calls.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "ops/joint_write.h"
#include "ops/lanes.h"
#include "ops/record_waits.h"
#include "ops/request_tokens.h"
#include "ops/stream_readers.h"
#include "ops/throttle.h"
#include "streams/settings.h"

namespace millrace::ops {

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
  Lanes lanes{engine, catalog, clock};
  JointWrites joint_writes = {};
  RequestTokens request_tokens{engine, clock};
  RecordWaits record_waits{engine, catalog};
  mutable StreamReaders stream_readers = {};     // noted by reads, which change nothing else
  streams::StreamSettings stream_settings = {};  // set before the first call
  std::unique_ptr<Throttle> throttle = std::make_unique<Throttle>(clock);
};

}  // namespace millrace::ops
