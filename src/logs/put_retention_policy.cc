#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {
namespace {

constexpr auto kDays =
    std::to_array<int64_t>({1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                            365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653});

}  // namespace

void put_retention_policy(const Call& call, Reply reply) {
  const int64_t days = optional_integer(call.input, "retentionInDays").value_or(0);
  if (std::ranges::find(kDays, days) == kDays.end()) {
    return reply(invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'retentionInDays' failed to satisfy "
        "constraint: Member must satisfy enum value set: [{}]",
        days, fmt::join(kDays, ", "))));
  }
  const auto put = [days,
                    name = string_or_empty(call.input, "logGroupName")](Batch& batch) -> Status {
    const GroupPointer group = batch.find_group(name);
    if (group == nullptr) return no_such_group();
    Group changed = *group;
    changed.retention_days = days;
    batch.change_group(std::move(changed));
    return Done{};
  };
  answer_change(call, put, std::move(reply));
}

}  // namespace millrace::logs
