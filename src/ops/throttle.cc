#include "ops/throttle.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::ops {
namespace {

constexpr double kBurstSeconds = 300;

int64_t units_per_second(CapacityKind kind, const catalog::Throughput& throughput) {
  return kind == CapacityKind::kRead ? throughput.read_capacity_units
                                     : throughput.write_capacity_units;
}

const catalog::Throughput& throughput_of(const catalog::Table& table, const catalog::Index* index) {
  return index == nullptr ? table.throughput : index->throughput;
}

std::string bucket_name(CapacityKind kind, const catalog::Table& table,
                        const catalog::Index* index) {
  return fmt::format("{}{}/{}", kind == CapacityKind::kRead ? 'R' : 'W', table.id,
                     index == nullptr ? 0 : index->number);
}

Error exceeded(bool of_index) {
  return {
      ErrorCode::kProvisionedThroughputExceededException,
      fmt::format("The level of configured provisioned throughput for {} was exceeded. "
                  "Consider increasing your provisioning level with the UpdateTable API.",
                  of_index ? "one or more global secondary indexes of the table" : "the table")};
}

}  // namespace

bool Throttle::limits(const catalog::Table& table) const {
  return enabled_ && table.billing_mode == catalog::BillingMode::kProvisioned;
}

Throttle::Bucket& Throttle::filled_bucket(const std::string& name, int64_t units_per_second) {
  const int64_t now = clock_.now_milliseconds();
  const auto rate = static_cast<double>(units_per_second);
  // A second's worth, so that a new table can be used at once.
  auto [found, is_new] = buckets_.try_emplace(name, Bucket{rate, now});
  Bucket& bucket = found->second;
  const auto passed = static_cast<double>(std::max<int64_t>(0, now - bucket.filled_milliseconds));
  bucket.units = std::min(bucket.units + rate * passed / 1000, rate * kBurstSeconds);
  bucket.filled_milliseconds = now;
  return bucket;
}

Status Throttle::admit(CapacityKind kind, const catalog::Table& table,
                       const catalog::Index* index) {
  const int64_t rate = units_per_second(kind, throughput_of(table, index));
  std::lock_guard lock(mutex_);
  if (filled_bucket(bucket_name(kind, table, index), rate).units > 0) return Done{};
  return exceeded(index != nullptr);
}

Status Throttle::admit_write(const catalog::Table& table) {
  if (!limits(table)) return Done{};
  TRY(admit(CapacityKind::kWrite, table, nullptr));
  for (const catalog::Index& index : table.indexes) {
    if (index.global) TRY(admit(CapacityKind::kWrite, table, &index));
  }
  return Done{};
}

Status Throttle::admit_read(const catalog::Table& table, const catalog::Index* index) {
  if (!limits(table)) return Done{};
  return admit(CapacityKind::kRead, table, index != nullptr && index->global ? index : nullptr);
}

void Throttle::charge(CapacityKind kind, const catalog::Table& table, const TableUnits& units) {
  if (!limits(table)) return;
  std::lock_guard lock(mutex_);
  double table_units = units.units;
  for (const IndexUnits& charged : units.indexes) {
    const catalog::Index* index = table.find_index(charged.name);
    if (index == nullptr) continue;
    // A local index has no units of its own.
    if (!index->global) {
      table_units += charged.units;
      continue;
    }
    filled_bucket(bucket_name(kind, table, index), units_per_second(kind, index->throughput))
        .units -= charged.units;
  }
  filled_bucket(bucket_name(kind, table, nullptr), units_per_second(kind, table.throughput))
      .units -= table_units;
}

}  // namespace millrace::ops
