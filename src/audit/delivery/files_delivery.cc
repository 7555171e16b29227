#include "audit/delivery/files_delivery.h"

#include <algorithm>

#include "base/log.h"

namespace millrace::audit {

FilesDelivery::Files::Files(DeliveryWork work, const TrailConsumers& consumers, SinkId sink,
                            FilesState state, EventNumber cursor)
    : record(work.environment.engine, work.environment.spool, consumers, sink, std::move(state),
             cursor),
      log_files(work, record),
      digests(work, record) {}

FilesDelivery::FilesDelivery(DeliveryWork work, DeliveryStatuses& statuses)
    : work_(work),
      statuses_(statuses),
      consumers_(work.environment.engine, work.environment.spool, "files") {}

Result<std::unique_ptr<FilesDelivery>> FilesDelivery::open(DeliveryWork work,
                                                           DeliveryStatuses& statuses) {
  std::unique_ptr<FilesDelivery> delivery(new FilesDelivery(work, statuses));
  TRY(delivery->load());
  return delivery;
}

Status FilesDelivery::load() {
  for (const auto& [sink, stored] : TRY(consumers_.load())) {
    FilesState state = TRY(decode_files_state(stored));
    const EventNumber cursor = TRY(work_.environment.spool.cursor(consumers_.consumer(sink)));
    add(sink, std::move(state), cursor);
  }
  return Done{};
}

void FilesDelivery::add(SinkId sink, FilesState state, EventNumber cursor) {
  auto& files = files_[sink];
  files = std::make_unique<Files>(work_, consumers_, sink, std::move(state), cursor);
  show(files->record);
}

bool FilesDelivery::round(const std::function<void()>& between) {
  const DeliveryEnvironment& environment = work_.environment;
  const int64_t now = environment.clock.now_milliseconds();
  const EventNumber settled = environment.spool.settled();
  const auto trails = environment.trails.trails();
  if (backoff_.is_over(now)) {
    Status adjusted = adjust(trails);
    if (adjusted) adjusted = consumers_.note_complete(settled, now);
    if (!adjusted) {
      log::error("delivery of trails", {{"reason", adjusted.error().message}});
      backoff_.fail(now, environment.random);
    } else {
      backoff_.succeed();
    }
  }
  bool went_on = false;
  for (const TrailPointer& trail : trails) {
    between();
    if (work_.stopped) return false;
    const auto found = files_.find(trail->sink);
    if (found != files_.end() && step(*found->second, *trail)) went_on = true;
  }
  return went_on;
}

// Begins with trails that are new and forgets those that are gone.
Status FilesDelivery::adjust(const std::vector<TrailPointer>& trails) {
  std::set<std::string> buckets;
  std::set<SinkId> sinks;
  for (const TrailPointer& trail : trails) {
    sinks.insert(trail->sink);
    buckets.insert(trail->bucket);
    if (files_.contains(trail->sink)) continue;
    const EventNumber cursor = TRY(consumers_.begin(trail->sink, encode_files_state(FilesState())));
    add(trail->sink, {}, cursor);
  }
  for (auto files = files_.begin(); files != files_.end();) {
    const SinkId sink = files->first;
    if (sinks.contains(sink)) {
      ++files;
      continue;
    }
    TRY(consumers_.forget(sink));
    files = files_.erase(files);
    statuses_.erase(sink);
  }
  work_.buckets.keep_only(buckets);
  return Done{};
}

bool FilesDelivery::step(Files& files, const Trail& trail) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  if (!files.backoff.is_over(now)) return false;
  const auto went_on = try_step(files, trail);
  show(files.record);
  if (went_on) {
    files.backoff.succeed();
    return *went_on;
  }
  log::error("delivery of a trail", {{"trail", trail.name}, {"reason", went_on.error().message}});
  files.backoff.fail(now, work_.environment.random);
  return false;
}

Result<bool> FilesDelivery::try_step(Files& files, const Trail& trail) {
  // Digests first: one that is due does not tell of what comes after.
  if (TRY(files.digests.step(trail, files.log_files.is_drained()))) return true;
  return files.log_files.step(trail);
}

void FilesDelivery::show(const FilesRecord& record) {
  const FilesState& state = record.state();
  statuses_.change(record.sink(), [&](DeliveryStatus& status) {
    status.latest_delivery_milliseconds = state.latest_delivery_milliseconds;
    status.latest_delivery_attempt_milliseconds = state.latest_attempt_milliseconds;
    status.latest_delivery_error = state.latest_error;
    status.latest_digest_delivery_milliseconds = state.latest_digest_milliseconds;
    status.latest_digest_delivery_error = state.latest_digest_error;
  });
}

}  // namespace millrace::audit
