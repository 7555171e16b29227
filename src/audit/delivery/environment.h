// What delivery works with, and what it counts.
#pragma once

#include <atomic>
#include <cstdint>

#include "audit/settings.h"
#include "audit/signing_keys.h"
#include "audit/spool.h"
#include "audit/trail.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/arn.h"
#include "engine/engine.h"
#include "logs/log_store.h"

namespace millrace::audit {

// All of it outlives whoever has it.
struct DeliveryEnvironment {
  engine::Engine& engine;  // the spool's
  Spool& spool;
  TrailStore& trails;
  const SigningKeys& keys;
  logs::LogStore& logs;
  const catalog::Site& site;
  const Clock& clock;
  Random& random;
  AuditSettings settings;
};

// Since the start.
struct DeliveryCounters {
  std::atomic<uint64_t> log_files = 0;
  std::atomic<uint64_t> log_file_bytes = 0;  // compressed
  std::atomic<uint64_t> digests = 0;
  std::atomic<uint64_t> bucket_failures = 0;  // attempts that failed, of both
  std::atomic<uint64_t> log_group_events = 0;
  std::atomic<uint64_t> log_group_failures = 0;
};

}  // namespace millrace::audit
