#include "triggers/mapping_work.h"

#include <algorithm>

#include "base/log.h"
#include "streams/retention.h"
#include "triggers/event_pattern.h"

namespace millrace::triggers {
namespace {

constexpr std::chrono::milliseconds kStartAgain{1000};
constexpr std::chrono::milliseconds kCommitAgain{1000};

ReplayFrom from_of(StartingPosition position) {
  return {position == StartingPosition::kLatest ? ReplayFrom::Position::kLatest
                                                : ReplayFrom::Position::kTrimHorizon};
}

const catalog::Shard* find_shard(const catalog::Stream& stream, const std::string& id) {
  const auto found = std::ranges::find(stream.shards, id, &catalog::Shard::id);
  return found == stream.shards.end() ? nullptr : &*found;
}

// A record passes when one of the patterns matches, or there is none.
RecordFilter filter_of(const Mapping& mapping) {
  if (mapping.filter_patterns.empty()) return nullptr;
  std::vector<EventPattern> patterns;
  for (const std::string& text : mapping.filter_patterns) {
    auto pattern = EventPattern::compile(text);
    // It was compiled before it was stored.
    if (pattern.ok()) patterns.push_back(std::move(*pattern));
  }
  return [patterns = std::make_shared<std::vector<EventPattern>>(std::move(patterns))](
             json::Element record) {
    return std::ranges::any_of(*patterns,
                               [&](const EventPattern& each) { return each.matches(record); });
  };
}

bool has_transitional_state(const Mapping& mapping) {
  return mapping.state != MappingState::kEnabled && mapping.state != MappingState::kDisabled;
}

}  // namespace

Result<std::map<std::string, ShardCheckpoint>> shards_from(const ops::Database& database,
                                                           const catalog::Stream& stream,
                                                           const ReplayFrom& from,
                                                           size_t lane_count) {
  std::map<std::string, ShardCheckpoint> shards;
  if (from.position == ReplayFrom::Position::kTrimHorizon) return shards;
  for (const catalog::Shard& shard : stream.shards) {
    const auto log = TRY(database.engine.log_range(shard.partition));
    engine::LogRange range{std::max(shard.first, log.first), log.next};
    if (shard.last) range.next = std::min(range.next, *shard.last + 1);
    range.first = std::min(range.first, range.next);
    ShardCheckpoint begin{false, range.next, lane_count};
    if (from.position == ReplayFrom::Position::kAtTimestamp) {
      begin.position = TRY(
          streams::position_at_time(database.engine, shard.partition, range, from.milliseconds));
    }
    begin.finished = shard.last && begin.position == range.next;
    shards[shard.id] = begin;
  }
  return shards;
}

MappingWork::MappingWork(const Environment& environment, MappingStore& store, std::string uuid)
    : environment_(environment),
      store_(store),
      uuid_(std::move(uuid)),
      context_(std::make_shared<MappingContext>(MappingContext{environment, nullptr, nullptr})) {}

catalog::StreamPointer MappingWork::find_stream() const {
  const auto arn = catalog::parse_stream_arn(context_->mapping->event_source_arn);
  if (!arn) return nullptr;
  return environment_.database.catalog.find_stream(arn->table_name, arn->stream_label);
}

void MappingWork::update(MappingPointer mapping) {
  is_gone_ = mapping == nullptr;
  if (is_gone_) return advance();
  const bool is_new_stream =
      context_->mapping && context_->mapping->event_source_arn != mapping->event_source_arn;
  context_->filter = filter_of(*mapping);
  context_->mapping = std::move(mapping);
  if (is_new_stream) begin_stop();
  for (const auto& [id, shard] : shards_) shard->update();
  advance();
  // It may be to follow its table only now.
  if (phase_ == Phase::kRunning) start_shards();
}

// Goes a step towards what the mapping is to be.
void MappingWork::advance() {
  if (phase_ == Phase::kStarting || phase_ == Phase::kStopping || changing_state_) return;
  if (!context_->mapping) return;
  const Mapping& mapping = *context_->mapping;
  const bool is_to_run = !is_gone_ && !ending_ && !replay_ && mapping.enabled &&
                         mapping.state != MappingState::kDeleting;
  if (phase_ == Phase::kRunning && !is_to_run) return begin_stop();
  if (phase_ == Phase::kIdle && ending_) {
    if (stop_done_) environment_.scheduler.post(std::exchange(stop_done_, nullptr));
    return;
  }
  if (is_gone_) return;
  if (phase_ == Phase::kIdle && (is_to_run || replay_)) return start();
  if (mapping.state == MappingState::kDeleting) return drop_mapping();
  if (has_transitional_state(mapping)) {
    set_state(mapping.enabled ? MappingState::kEnabled : MappingState::kDisabled);
  }
}

void MappingWork::begin_stop() {
  if (phase_ != Phase::kRunning) return;
  phase_ = Phase::kStopping;
  for (const auto& [id, shard] : shards_) shard->stop();
  on_shard_end();
}

void MappingWork::on_shard_end() {
  std::erase_if(shards_, [&](const auto& entry) {
    const auto& [id, shard] = entry;
    if (shard->is_finished()) checkpoint_.shards[id].finished = true;
    return shard->is_finished() || shard->is_stopped();
  });
  if (phase_ == Phase::kRunning) start_shards();
  if (phase_ != Phase::kStopping || !shards_.empty()) return;
  phase_ = Phase::kIdle;
  advance();
}

void MappingWork::start() {
  phase_ = Phase::kStarting;
  auto checkpoint = load_checkpoint(environment_.database.engine, uuid_);
  if (!checkpoint.ok()) {
    return start_later(checkpoint.error(), "PROBLEM: The stored position cannot be read");
  }
  checkpoint_ = std::move(*checkpoint);
  const auto stream = find_stream();
  if (!stream) {
    context_->last_result->set("PROBLEM: Stream not found");
    end_replays(Error{ErrorCode::kResourceNotFoundException,
                      "Stream not found: " + context_->mapping->event_source_arn});
  } else if (replay_) {
    return begin_stream(*stream, *replay_);
  } else if (checkpoint_.stream_label != stream->label) {
    // One that follows its table misses nothing of the next stream.
    return begin_stream(*stream, checkpoint_.stream_label.empty()
                                     ? from_of(context_->mapping->starting_position)
                                     : ReplayFrom{});
  }
  phase_ = Phase::kRunning;
  start_shards();
  advance();
}

void MappingWork::start_later(const Error& error, const char* problem) {
  log::error("a trigger cannot go on", {{"mapping", uuid_}, {"reason", error.message}});
  context_->last_result->set(problem);
  end_replays(error);
  environment_.scheduler.after(kStartAgain, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->phase_ != Phase::kStarting) return;
    self->phase_ = Phase::kIdle;
    self->advance();
  });
}

void MappingWork::end_replays(const Status& status) {
  replay_.reset();
  for (const auto& done : std::exchange(replay_done_, {})) done(status);
}

void MappingWork::begin_stream(const catalog::Stream& stream, const ReplayFrom& from) {
  auto shards = shards_from(environment_.database, stream, from,
                            static_cast<size_t>(context_->mapping->parallelization_factor));
  if (!shards.ok()) {
    return start_later(shards.error(), "PROBLEM: The stream cannot be read");
  }
  auto mutations = erase_checkpoint(uuid_, checkpoint_);
  mutations.push_back(put_stream(uuid_, stream.label));
  for (const auto& [id, shard] : *shards) mutations.push_back(put_shard(uuid_, id, shard));
  checkpoint_ = {stream.label, std::move(*shards)};
  commit(std::move(mutations), [this] {
    end_replays(Done{});
    phase_ = Phase::kRunning;
    if (context_->mapping->enabled && !ending_) start_shards();
    advance();
  });
}

void MappingWork::start_shards() {
  const auto stream = find_stream();
  if (!stream || stream->label != checkpoint_.stream_label) return follow_table();
  const auto is_finished = [&](const std::string& id) {
    const auto found = checkpoint_.shards.find(id);
    return found != checkpoint_.shards.end() && found->second.finished;
  };
  bool all_finished = true;
  for (const catalog::Shard& shard : stream->shards) {
    if (is_finished(shard.id)) continue;
    all_finished = false;
    // A parent that is not there any more has nothing to come before its children.
    const bool is_due = !shard.parent_id || is_finished(*shard.parent_id) ||
                        find_shard(*stream, *shard.parent_id) == nullptr;
    if (is_due && !shards_.contains(shard.id)) start_shard(shard);
  }
  forget_shards_beside(*stream);
  if (all_finished && !stream->enabled && shards_.empty()) follow_table();
}

// Shards that the stream does not keep any more are nobody's parents, either.
void MappingWork::forget_shards_beside(const catalog::Stream& stream) {
  std::vector<engine::Mutation> mutations;
  std::erase_if(checkpoint_.shards, [&](const auto& entry) {
    const auto& [id, shard] = entry;
    const bool is_over = find_shard(stream, id) == nullptr && !shards_.contains(id);
    if (is_over) mutations.push_back(erase_shard(uuid_, id));
    return is_over;
  });
  if (!mutations.empty()) commit(std::move(mutations), [] {});
}

void MappingWork::start_shard(const catalog::Shard& shard) {
  const auto lane_count = static_cast<size_t>(context_->mapping->parallelization_factor);
  const auto stored =
      checkpoint_.shards.try_emplace(shard.id, ShardCheckpoint{false, shard.first, lane_count})
          .first;
  const auto work = std::make_shared<ShardWork>(
      context_, EventSource{context_->mapping->event_source_arn, shard.id}, shard.partition,
      stored->second, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->on_shard_end();
      });
  shards_[shard.id] = work;
  work->start();
}

void MappingWork::on_stream_change(const std::string& table_name) {
  if (phase_ != Phase::kRunning || !context_->mapping) return;
  const auto arn = catalog::parse_stream_arn(context_->mapping->event_source_arn);
  if (arn && arn->table_name == table_name) start_shards();
}

// The stream is worked off, or gone.
void MappingWork::follow_table() {
  const Mapping& mapping = *context_->mapping;
  const auto tag = mapping.tags.find(std::string(kFollowTableTag));
  const auto arn = catalog::parse_stream_arn(mapping.event_source_arn);
  if (!find_stream()) context_->last_result->set("PROBLEM: Stream not found");
  if (tag == mapping.tags.end() || tag->second != "true" || !arn || changing_state_) return;
  const catalog::Catalog& catalog = environment_.database.catalog;
  // The next one: a stream that was disabled again before this one was worked off has records, too.
  const auto later = catalog.list_streams(arn->table_name, arn->table_name, arn->stream_label, 1);
  if (later.streams.empty()) return;
  const std::string next =
      catalog::stream_arn(catalog.site(), arn->table_name, later.streams.front()->label);
  changing_state_ = true;
  store_.change(
      uuid_,
      [next](const MappingPointer& current) -> Result<MappingPointer> {
        if (!current) return MappingPointer();
        auto changed = std::make_shared<Mapping>(*current);
        changed->event_source_arn = next;
        return MappingPointer(std::move(changed));
      },
      [weak = weak_from_this(), &scheduler = environment_.scheduler](const auto&) {
        scheduler.post([weak] {
          const auto self = weak.lock();
          if (!self) return;
          self->changing_state_ = false;
          self->advance();
        });
      });
}

void MappingWork::stop(std::function<void()> done) {
  ending_ = true;
  stop_done_ = std::move(done);
  // What is being stored now is found by the next start.
  if (phase_ == Phase::kStarting || !context_->mapping) phase_ = Phase::kIdle;
  changing_state_ = false;
  advance();
}

void MappingWork::replay(ReplayFrom from, std::function<void(Status)> done) {
  replay_ = from;
  replay_done_.push_back(std::move(done));
  advance();
}

void MappingWork::set_state(MappingState state) {
  changing_state_ = true;
  store_.change(
      uuid_,
      [state, enabled = context_->mapping->enabled](
          const MappingPointer& current) -> Result<MappingPointer> {
        // Asked for something else meanwhile.
        if (!current || current->state == MappingState::kDeleting || current->enabled != enabled) {
          return current;
        }
        auto changed = std::make_shared<Mapping>(*current);
        changed->state = state;
        return MappingPointer(std::move(changed));
      },
      [weak = weak_from_this(), &scheduler = environment_.scheduler](const auto& result) {
        scheduler.post([weak, ok = result.ok()] {
          const auto self = weak.lock();
          if (!self) return;
          self->changing_state_ = false;
          if (!ok) return;
          self->advance();
          // Its stream may have ended meanwhile.
          if (self->phase_ == Phase::kRunning) self->start_shards();
        });
      });
}

void MappingWork::drop_mapping() {
  auto checkpoint = load_checkpoint(environment_.database.engine, uuid_);
  if (checkpoint.ok()) checkpoint_ = std::move(*checkpoint);
  changing_state_ = true;
  commit(erase_checkpoint(uuid_, checkpoint_), [this] {
    store_.change(
        uuid_, [](const MappingPointer&) -> Result<MappingPointer> { return MappingPointer(); },
        [weak = weak_from_this(), &scheduler = environment_.scheduler](const auto&) {
          scheduler.post([weak] {
            if (const auto self = weak.lock()) self->changing_state_ = false;
          });
        });
  });
}

void MappingWork::commit(std::vector<engine::Mutation> mutations, std::function<void()> then) {
  Scheduler& scheduler = environment_.scheduler;
  auto done = [weak = weak_from_this(), mutations, then = std::move(then)](const Status& status) {
    const auto self = weak.lock();
    if (!self) return;
    if (status.ok()) return then();
    log::error("a trigger's position could not be stored",
               {{"mapping", self->uuid_}, {"reason", status.error().message}});
    self->environment_.scheduler.after(kCommitAgain, [weak, mutations, then] {
      if (const auto later = weak.lock()) later->commit(mutations, then);
    });
  };
  environment_.database.engine.commit({{catalog::kTriggersPartition, std::move(mutations), {}}},
                                      [&scheduler, done = std::move(done)](const Status& status) {
                                        scheduler.post([done, status] { done(status); });
                                      });
}

Result<MappingLag> MappingWork::lag() const {
  MappingLag lag;
  const auto stream = context_->mapping ? find_stream() : nullptr;
  if (!stream) return lag;
  const ops::Database& database = environment_.database;
  for (const catalog::Shard& shard : stream->shards) {
    const auto stored = checkpoint_.shards.find(shard.id);
    if (stored != checkpoint_.shards.end() && stored->second.finished) continue;
    const auto log = TRY(database.engine.log_range(shard.partition));
    engine::LogPosition position =
        stored == checkpoint_.shards.end() ? shard.first : stored->second.position;
    const auto work = shards_.find(shard.id);
    if (work != shards_.end()) position = work->second->position();
    position = std::max(position, log.first);
    const auto end = shard.last ? std::min(*shard.last + 1, log.next) : log.next;
    if (position >= end) continue;
    lag.records_behind += static_cast<int64_t>(end - position);
    const auto created = TRY(created_milliseconds(database, shard.partition, position));
    if (!created) continue;
    const int64_t age = std::max<int64_t>(database.clock.now_milliseconds() - *created, 0);
    lag.oldest_record_age_milliseconds =
        std::max(lag.oldest_record_age_milliseconds.value_or(0), age);
  }
  return lag;
}

}  // namespace millrace::triggers
