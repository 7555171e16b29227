#include "logs/batch.h"

#include <algorithm>

#include "base/check.h"
#include "catalog/catalog.h"
#include "logs/layout.h"

namespace millrace::logs {

GroupPointer Groups::find(std::string_view name) const {
  std::lock_guard lock(mutex_);
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : found->second;
}

void Groups::visit(std::string_view from, const Visitor& visit) const {
  std::lock_guard lock(mutex_);
  for (auto at = groups_.lower_bound(from); at != groups_.end() && visit(at->second); ++at) {
  }
}

std::vector<GroupPointer> Groups::all() const {
  std::vector<GroupPointer> all;
  visit("", [&](const GroupPointer& group) {
    all.push_back(group);
    return true;
  });
  return all;
}

size_t Groups::count() const {
  std::lock_guard lock(mutex_);
  return groups_.size();
}

void Groups::put(GroupPointer group) {
  std::lock_guard lock(mutex_);
  const std::string name = group->name;
  groups_.insert_or_assign(name, std::move(group));
}

void Groups::drop(const std::string& name) {
  std::lock_guard lock(mutex_);
  groups_.erase(name);
}

GroupPointer Batch::find_group(const std::string& name) const {
  const auto staged = staged_groups_.find(name);
  return staged == staged_groups_.end() ? groups_.find(name) : staged->second.group;
}

Batch::StagedGroup& Batch::stage(const std::string& group_name) {
  const auto [staged, is_new] = staged_groups_.try_emplace(group_name);
  if (is_new) staged->second.group = groups_.find(group_name);
  return staged->second;
}

template <typename Edit>
void Batch::edit(StagedGroup& staged, Edit edit) {
  MILLRACE_CHECK(staged.group != nullptr);
  Group group = *staged.group;
  edit(group);
  staged.group = std::make_shared<const Group>(std::move(group));
}

GroupPointer Batch::create_group(Group group) {
  StagedGroup& staged = stage(group.name);
  MILLRACE_CHECK(staged.group == nullptr);
  group.number = groups_.next_number();
  groups_.set_next_number(group.number + 1);
  Bytes next;
  append_u64(next, group.number + 1);
  mutate(engine::Put{Bytes(kNextGroupKey), std::move(next)});
  staged = {std::make_shared<const Group>(std::move(group)), true, true};
  return staged.group;
}

void Batch::change_group(Group group) {
  StagedGroup& staged = stage(group.name);
  MILLRACE_CHECK(staged.group != nullptr && staged.group->number == group.number);
  group.next_sequence = staged.group->next_sequence;
  group.next_stream = staged.group->next_stream;
  group.stored_bytes = staged.group->stored_bytes;
  staged.group = std::make_shared<const Group>(std::move(group));
  staged.settings_changed = true;
}

void Batch::drop_group(const Group& group) {
  const uint64_t number = group.number;
  const std::string name = group.name;
  mutate(engine::Erase{group_key(name)});
  mutate(everything_of(number));
  staged_streams_.erase(staged_streams_.lower_bound({number, ""}),
                        staged_streams_.lower_bound({number + 1, ""}));
  stage(name) = {};
}

Result<Batch::StagedStream*> Batch::stage_stream(const Group& group, const std::string& name) {
  const auto found = staged_streams_.find({group.number, name});
  if (found != staged_streams_.end()) return &found->second;
  StagedStream staged;
  const auto value = TRY(engine_.get(catalog::kLogsPartition, stream_key(group.number, name)));
  if (value) staged.committed = TRY(decode_stream(name, *value));
  staged.now = staged.committed;
  return &staged_streams_.emplace(StreamKey{group.number, name}, std::move(staged)).first->second;
}

Result<std::optional<Stream>> Batch::find_stream(const Group& group, const std::string& name) {
  return TRY(stage_stream(group, name))->now;
}

Result<Stream> Batch::create_stream(const std::string& group_name, Stream stream) {
  StagedGroup& staged = stage(group_name);
  MILLRACE_CHECK(staged.group != nullptr);
  StagedStream* place = TRY(stage_stream(*staged.group, stream.name));
  MILLRACE_CHECK(!place->now);
  edit(staged, [&](Group& group) { stream.number = group.next_stream++; });
  staged.counters_changed = true;
  place->now = stream;
  return stream;
}

Status Batch::drop_stream(const Group& group, const std::string& name) {
  StagedStream* staged = TRY(stage_stream(group, name));
  MILLRACE_CHECK(staged->now);
  mutate(engine::Put{dropped_stream_key(group.number, staged->now->number), ""});
  staged->now.reset();
  edit(stage(group.name), [](Group& dropped_of) { dropped_of.may_have_dropped_streams = true; });
  return Done{};
}

Result<Stream> Batch::add_events(const std::string& group_name, const std::string& stream_name,
                                 int64_t ingestion_milliseconds,
                                 const std::vector<NewEvent>& events) {
  StagedGroup& staged = stage(group_name);
  MILLRACE_CHECK(staged.group != nullptr);
  StagedStream* place = TRY(stage_stream(*staged.group, stream_name));
  MILLRACE_CHECK(place->now);
  edit(staged, [&](Group& group) {
    for (const NewEvent& event : events)
      add_event(group, *place->now, ingestion_milliseconds, event);
  });
  staged.counters_changed = true;
  if (!events.empty()) place->now->last_ingestion_milliseconds = ingestion_milliseconds;
  return *place->now;
}

void Batch::add_event(Group& group, Stream& stream, int64_t ingestion_milliseconds,
                      const NewEvent& event) {
  const Position position{event.time, group.next_sequence++};
  const auto time = static_cast<int64_t>(event.time);
  Bytes length;
  append_varint(length, event.message.size());
  mutate(engine::Put{stream_event_key(group.number, stream.number, position), std::move(length)});
  mutate(engine::Put{event_key(group.number, position),
                     encode_event({stream.number, ingestion_milliseconds, event.message})});
  group.stored_bytes += event.message.size() + kEventOverheadBytes;
  stream.first_event_milliseconds = std::min(stream.first_event_milliseconds.value_or(time), time);
  stream.last_event_milliseconds = std::max(stream.last_event_milliseconds.value_or(time), time);
  stream.last_sequence = position.sequence;
}

void Batch::subtract_bytes(const std::string& group_name, uint64_t bytes) {
  StagedGroup& staged = stage(group_name);
  edit(staged, [&](Group& group) { group.stored_bytes -= std::min(group.stored_bytes, bytes); });
  staged.counters_changed = true;
}

void Batch::note_no_dropped_streams(const std::string& group_name) {
  edit(stage(group_name), [](Group& group) { group.may_have_dropped_streams = false; });
}

void Batch::add_stream_mutations(uint64_t group, const StagedStream& stream) {
  const auto& [committed, now] = stream;
  if (committed == now) return;
  const auto order_of = [&](const Stream& one) {
    return stream_order_key(group, static_cast<uint64_t>(one.last_event_milliseconds.value_or(0)),
                            one.name);
  };
  if (committed) {
    if (!now) mutate(engine::Erase{stream_key(group, committed->name)});
    if (!now || order_of(*now) != order_of(*committed)) mutate(engine::Erase{order_of(*committed)});
    if (!now || now->number != committed->number) {
      mutate(engine::Erase{stream_number_key(group, committed->number)});
    }
  }
  if (!now) return;
  mutate(engine::Put{stream_key(group, now->name), encode_stream(*now)});
  mutate(engine::Put{order_of(*now), ""});
  mutate(engine::Put{stream_number_key(group, now->number), now->name});
}

std::vector<engine::Mutation> Batch::take_mutations() {
  for (const auto& [key, stream] : staged_streams_) add_stream_mutations(key.first, stream);
  for (const auto& [name, staged] : staged_groups_) {
    if (staged.group == nullptr) continue;
    const Group& group = *staged.group;
    if (staged.settings_changed) mutate(engine::Put{group_key(name), encode_group(group)});
    if (staged.counters_changed) {
      mutate(engine::Put{counters_key(group.number), encode_counters(group)});
    }
  }
  return std::move(mutations_);
}

std::vector<std::string> Batch::changed_groups() const {
  std::vector<std::string> names;
  for (const auto& [name, staged] : staged_groups_) names.push_back(name);
  return names;
}

void Batch::publish() {
  for (auto& [name, staged] : staged_groups_) {
    if (staged.group == nullptr) {
      groups_.drop(name);
    } else {
      groups_.put(std::move(staged.group));
    }
  }
}

}  // namespace millrace::logs
