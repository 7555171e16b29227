// Events of one trail to its log group.
#pragma once

#include "audit/delivery/backoff.h"
#include "audit/delivery/state.h"
#include "audit/delivery/trail_consumers.h"
#include "audit/delivery/work.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class GroupDelivery {
 public:
  GroupDelivery(DeliveryWork work, const TrailConsumers& consumers, SinkId sink, GroupState state,
                EventNumber cursor);

  [[nodiscard]] const GroupState& state() const { return state_; }
  // Delivers what has come, a batch at most, and notes it. False: there is nothing to do now.
  // InternalServerError from the engine.
  [[nodiscard]] Result<bool> step(const Trail& trail);

 private:
  struct EventBatch {
    std::vector<logs::LogEvent> events;
    EventNumber end = 0;
  };

  [[nodiscard]] Result<EventBatch> read(EventNumber settled) const;
  [[nodiscard]] Status append(const std::string& group, std::vector<logs::LogEvent> events) const;
  Status pass(EventNumber end);
  Status pass_missing_group(const Trail& trail, EventNumber settled);
  Status store(GroupState state, EventNumber cursor);

  const DeliveryWork work_;
  const TrailConsumers& consumers_;
  const SinkId sink_;
  GroupState state_;
  EventNumber cursor_;
  // Where it has come to: cursor_, or above it when there was nothing for the trail since.
  EventNumber position_;
  int64_t stored_milliseconds_ = 0;
  Backoff backoff_;
};

}  // namespace millrace::audit
