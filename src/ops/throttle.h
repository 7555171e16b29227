// Provisioned throughput as a limit, for those who want to see their programs throttled: a bucket
// of units for the reads and one for the writes of each table and each global index. Unused units
// are kept for five minutes (Developer Guide, "Burst capacity").
#pragma once

#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "catalog/table.h"
#include "ops/consumed_capacity.h"

namespace millrace::ops {

enum class CapacityKind { kRead, kWrite };

// Thread-safe. Limits nothing unless it is enabled, and never tables that are paid per request.
class Throttle {
 public:
  explicit Throttle(const Clock& clock) : clock_(clock) {}

  // Before the first request.
  void enable() { enabled_ = true; }
  [[nodiscard]] bool limits(const catalog::Table& table) const;

  // ProvisionedThroughputExceededException when the table, or one of its indexes that a write may
  // reach, has no units left. What is admitted is charged afterwards, and may overdraw.
  [[nodiscard]] Status admit_write(const catalog::Table& table);
  // Of the table, or of `index`, which is the table's or nullptr.
  [[nodiscard]] Status admit_read(const catalog::Table& table, const catalog::Index* index);

  void charge(CapacityKind kind, const catalog::Table& table, const TableUnits& units);

 private:
  struct Bucket {
    double units = 0;
    int64_t filled_milliseconds = 0;
  };

  // The caller holds mutex_.
  Bucket& filled_bucket(const std::string& name, int64_t units_per_second);
  Status admit(CapacityKind kind, const catalog::Table& table, const catalog::Index* index);

  const Clock& clock_;
  bool enabled_ = false;
  std::mutex mutex_;
  // By kind, table id and index number; guarded by mutex_.
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace millrace::ops
