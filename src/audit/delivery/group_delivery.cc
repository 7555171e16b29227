#include "audit/delivery/group_delivery.h"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "audit/event_json.h"
#include "base/log.h"
#include "logs/arn.h"

namespace millrace::audit {
namespace {

constexpr size_t kBatchEvents = 1'000;
constexpr size_t kBatchBytes = 1024 * 1024;
// How long the cursor stays behind where nothing is for the trail.
constexpr int64_t kStoreMilliseconds = 5'000;

}  // namespace

GroupDelivery::GroupDelivery(DeliveryWork work, const TrailConsumers& consumers, SinkId sink,
                             GroupState state, EventNumber cursor)
    : work_(work),
      consumers_(consumers),
      sink_(sink),
      state_(std::move(state)),
      cursor_(cursor),
      position_(cursor) {}

Result<bool> GroupDelivery::step(const Trail& trail) {
  const DeliveryEnvironment& environment = work_.environment;
  const int64_t now = environment.clock.now_milliseconds();
  const EventNumber settled = environment.spool.settled();
  if (work_.stopped || (settled == position_ && position_ == cursor_)) return false;
  if (!backoff_.is_over(now)) return false;
  const auto group = logs::group_name_of_arn(environment.site, trail.log_group_arn);
  if (!group || environment.logs.groups().find(*group) == nullptr) {
    TRY(pass_missing_group(trail, settled));
    return false;
  }
  EventBatch batch = TRY(read(settled));
  if (work_.stopped) return false;
  if (batch.events.empty()) {
    TRY(pass(batch.end));
    return false;
  }
  const size_t count = batch.events.size();
  TRY(append(*group, std::move(batch.events)));
  work_.counters.log_group_events += count;
  TRY(store({.latest_delivery_milliseconds = now}, batch.end));
  return true;
}

Result<GroupDelivery::EventBatch> GroupDelivery::read(EventNumber settled) const {
  EventBatch batch;
  batch.end = settled;
  size_t bytes = 0;
  TRY(work_.environment.spool.visit(position_, [&](EventNumber number, const Event& event) {
    if (number >= settled || work_.stopped) return false;
    if (std::find(event.sinks.begin(), event.sinks.end(), sink_) == event.sinks.end()) return true;
    if (batch.events.size() >= kBatchEvents || bytes >= kBatchBytes) {
      batch.end = number;
      return false;
    }
    logs::LogEvent& log_event = batch.events.emplace_back();
    log_event.timestamp_milliseconds = event.time_milliseconds;
    append_event_json(log_event.message, work_.environment.site, event);
    bytes += log_event.message.size();
    return true;
  }));
  return batch;
}

Status GroupDelivery::append(const std::string& group, std::vector<logs::LogEvent> events) const {
  const catalog::Site& site = work_.environment.site;
  const std::string stream = fmt::format("{}_CloudTrail_{}", site.account_id, site.region);
  auto promise = std::make_shared<std::promise<Status>>();
  auto appended = promise->get_future();
  work_.environment.logs.append(group, stream, std::move(events), [promise](Status status) {
    promise->set_value(std::move(status));
  });
  return appended.get();
}

// Over events that are not for the trail.
Status GroupDelivery::pass(EventNumber end) {
  position_ = end;
  const int64_t since = work_.environment.clock.now_milliseconds() - stored_milliseconds_;
  if (position_ == cursor_ || (since >= 0 && since < kStoreMilliseconds)) return Done{};
  return store(state_, position_);
}

// Its events do not wait for it, for the spool would fill up: the log files have them.
Status GroupDelivery::pass_missing_group(const Trail& trail, EventNumber settled) {
  constexpr std::string_view kCode = "ResourceNotFoundException";
  const int64_t now = work_.environment.clock.now_milliseconds();
  ++work_.counters.log_group_failures;
  if (state_.latest_error != kCode) {
    log::warn("the log group of a trail is not there: its events are left out",
              {{"trail", trail.name}, {"group", trail.log_group_arn}});
  }
  GroupState state = state_;
  state.latest_error = kCode;
  TRY(store(std::move(state), settled));
  backoff_.fail(now, work_.environment.random);
  return Done{};
}

Status GroupDelivery::store(GroupState state, EventNumber cursor) {
  std::vector<engine::Mutation> with;
  with.emplace_back(engine::Put{consumers_.state_key(sink_), encode_group_state(state)});
  TRY(work_.environment.spool.advance(consumers_.consumer(sink_), cursor, std::move(with)));
  state_ = std::move(state);
  cursor_ = position_ = cursor;
  stored_milliseconds_ = work_.environment.clock.now_milliseconds();
  return Done{};
}

}  // namespace millrace::audit
