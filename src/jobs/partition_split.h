// Splits a partition that has grown large, or that has been written to faster than it should for a
// while.
#pragma once

#include <unordered_map>

#include "jobs/step.h"
#include "ops/database.h"

namespace millrace::jobs {

// One thread at a time; the database outlives it.
class PartitionSplits {
 public:
  explicit PartitionSplits(ops::Database& database) : database_(database) {}

  // Looks at every partition; to be called once a second, which its measure of writes relies on.
  [[nodiscard]] Result<Pause> step();

 private:
  struct Load {
    uint64_t written_items = 0;  // at the last look
    int fast_seconds = 0;        // in a row, up to that
  };

  [[nodiscard]] bool is_due(const ops::Lane& lane, Load& load, double seconds) const;
  Status split(const catalog::Table& table, const std::vector<engine::PartitionId>& partitions);

  ops::Database& database_;
  std::unordered_map<engine::PartitionId, Load> loads_;
  std::optional<std::chrono::steady_clock::time_point> looked_at_;
};

}  // namespace millrace::jobs
