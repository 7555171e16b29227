#include "audit/delivery/groups_delivery.h"

#include <set>

#include "base/log.h"

namespace millrace::audit {

GroupsDelivery::GroupsDelivery(DeliveryWork work, DeliveryStatuses& statuses)
    : work_(work),
      statuses_(statuses),
      consumers_(work.environment.engine, work.environment.spool, "group") {}

Result<std::unique_ptr<GroupsDelivery>> GroupsDelivery::open(DeliveryWork work,
                                                             DeliveryStatuses& statuses) {
  std::unique_ptr<GroupsDelivery> delivery(new GroupsDelivery(work, statuses));
  TRY(delivery->load());
  return delivery;
}

Status GroupsDelivery::load() {
  for (const auto& [sink, stored] : TRY(consumers_.load())) {
    GroupState state = TRY(decode_group_state(stored));
    const EventNumber cursor = TRY(work_.environment.spool.cursor(consumers_.consumer(sink)));
    add(sink, std::move(state), cursor);
  }
  return Done{};
}

void GroupsDelivery::add(SinkId sink, GroupState state, EventNumber cursor) {
  show(sink, state);
  groups_.emplace(sink, Group{{work_, consumers_, sink, std::move(state), cursor}});
}

bool GroupsDelivery::round() {
  const DeliveryEnvironment& environment = work_.environment;
  const int64_t now = environment.clock.now_milliseconds();
  const EventNumber settled = environment.spool.settled();
  const auto trails = environment.trails.trails();
  if (backoff_.is_over(now)) {
    Status adjusted = adjust(trails);
    if (adjusted) adjusted = consumers_.note_complete(settled, now);
    if (!adjusted) {
      log::error("delivery to log groups", {{"reason", adjusted.error().message}});
      backoff_.fail(now, environment.random);
    } else {
      backoff_.succeed();
    }
  }
  bool went_on = false;
  for (const TrailPointer& trail : trails) {
    const auto found = groups_.find(trail->sink);
    if (work_.stopped) return false;
    if (found != groups_.end() && step(found->second, *trail)) went_on = true;
  }
  return went_on;
}

// Begins with trails that now have a group and forgets those that have none.
Status GroupsDelivery::adjust(const std::vector<TrailPointer>& trails) {
  std::set<SinkId> sinks;
  for (const TrailPointer& trail : trails) {
    if (trail->log_group_arn.empty()) continue;
    sinks.insert(trail->sink);
    if (groups_.contains(trail->sink)) continue;
    const EventNumber cursor = TRY(consumers_.begin(trail->sink, encode_group_state(GroupState())));
    add(trail->sink, {}, cursor);
  }
  for (auto group = groups_.begin(); group != groups_.end();) {
    const SinkId sink = group->first;
    if (sinks.contains(sink)) {
      ++group;
      continue;
    }
    TRY(consumers_.forget(sink));
    group = groups_.erase(group);
    if (work_.environment.trails.find(sink)) show(sink, {});
  }
  return Done{};
}

bool GroupsDelivery::step(Group& group, const Trail& trail) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  if (!group.backoff.is_over(now)) return false;
  const auto went_on = group.delivery.step(trail);
  show(trail.sink, group.delivery.state());
  if (went_on) {
    group.backoff.succeed();
    return *went_on;
  }
  ++work_.counters.log_group_failures;
  log::error("delivery to the log group of a trail",
             {{"trail", trail.name}, {"reason", went_on.error().message}});
  statuses_.change(trail.sink, [](DeliveryStatus& status) {
    status.latest_log_group_delivery_error = "InternalError";
  });
  group.backoff.fail(now, work_.environment.random);
  return false;
}

void GroupsDelivery::show(SinkId sink, const GroupState& state) {
  statuses_.change(sink, [&](DeliveryStatus& status) {
    status.latest_log_group_delivery_milliseconds = state.latest_delivery_milliseconds;
    status.latest_log_group_delivery_error = state.latest_error;
  });
}

}  // namespace millrace::audit
