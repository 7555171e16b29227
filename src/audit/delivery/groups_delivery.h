// Events of all trails to their log groups.
#pragma once

#include <map>
#include <memory>

#include "audit/delivery/group_delivery.h"
#include "audit/delivery/statuses.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class GroupsDelivery {
 public:
  // InternalServerError from the engine, or for what is damaged.
  [[nodiscard]] static Result<std::unique_ptr<GroupsDelivery>> open(DeliveryWork work,
                                                                    DeliveryStatuses& statuses);

  // Makes a step for every trail that has something to do now. Whether there was any.
  bool round();

 private:
  struct Group {
    GroupDelivery delivery;
    Backoff backoff = {};  // when the engine fails
  };

  GroupsDelivery(DeliveryWork work, DeliveryStatuses& statuses);
  Status load();
  Status adjust(const std::vector<TrailPointer>& trails);
  void add(SinkId sink, GroupState state, EventNumber cursor);
  bool step(Group& group, const Trail& trail);
  void show(SinkId sink, const GroupState& state);

  const DeliveryWork work_;
  DeliveryStatuses& statuses_;
  TrailConsumers consumers_;
  std::map<SinkId, Group> groups_;
  Backoff backoff_;
};

}  // namespace millrace::audit
