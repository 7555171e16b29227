#include "ops/throughput_update.h"

#include <fmt/format.h>

namespace millrace::ops {

Status change_throughput(catalog::Throughput& current, const catalog::Throughput& wanted,
                         std::string_view resource, int64_t now_milliseconds) {
  if (current.read_capacity_units != wanted.read_capacity_units ||
      current.write_capacity_units != wanted.write_capacity_units) {
    set_throughput(current, wanted, now_milliseconds);
    return Done{};
  }
  return validation_error(fmt::format(
      "The provisioned throughput for the {0} will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the {0}: {1}. Requested "
      "ReadCapacityUnits: {2}. Current WriteCapacityUnits provisioned for the {0}: {3}. Requested "
      "WriteCapacityUnits: {4}. Refer to the Amazon DynamoDB Developer Guide for current limits "
      "and how to request higher limits.",
      resource, current.read_capacity_units, wanted.read_capacity_units,
      current.write_capacity_units, wanted.write_capacity_units));
}

void set_throughput(catalog::Throughput& current, const catalog::Throughput& wanted,
                    int64_t now_milliseconds) {
  const bool increases = wanted.read_capacity_units > current.read_capacity_units ||
                         wanted.write_capacity_units > current.write_capacity_units;
  const bool decreases = wanted.read_capacity_units < current.read_capacity_units ||
                         wanted.write_capacity_units < current.write_capacity_units;
  if (increases) current.last_increase_milliseconds = now_milliseconds;
  if (decreases) {
    constexpr int64_t kDayMilliseconds = 24LL * 60 * 60 * 1000;
    const bool same_day = current.last_decrease_milliseconds / kDayMilliseconds ==
                          now_milliseconds / kDayMilliseconds;
    current.decreases_today = same_day ? current.decreases_today + 1 : 1;
    current.last_decrease_milliseconds = now_milliseconds;
  }
  current.read_capacity_units = wanted.read_capacity_units;
  current.write_capacity_units = wanted.write_capacity_units;
}

}  // namespace millrace::ops
