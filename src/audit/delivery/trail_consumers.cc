#include "audit/delivery/trail_consumers.h"

#include <charconv>

#include "catalog/catalog.h"

namespace millrace::audit {
namespace {

using catalog::kAuditPartition;

constexpr int64_t kNoteMilliseconds = 5'000;

std::optional<SinkId> sink_of(std::string_view text) {
  SinkId sink = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sink);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return sink;
}

}  // namespace

std::string TrailConsumers::consumer(SinkId sink) const {
  return kind_ + "/" + std::to_string(sink);
}

Bytes TrailConsumers::state_key(SinkId sink) const {
  return "k/" + consumer(sink);
}

Bytes TrailConsumers::entry_key(SinkId sink, uint64_t number) const {
  Bytes key = state_key(sink) + "/";
  append_u64(key, number);
  return key;
}

Result<std::map<SinkId, Bytes>> TrailConsumers::load() {
  start_ = TRY(spool_.cursor(starter()));
  std::map<SinkId, Bytes> states;
  const Bytes prefix = "k/" + kind_ + "/";
  const Bytes after = "k/" + kind_ + "0";  // '0' follows '/'
  TRY(engine_.scan(kAuditPartition, {prefix, after}, engine::Direction::kForward,
                   [&](ByteView key, ByteView value) {
                     const auto sink = sink_of(key.substr(prefix.size()));
                     if (sink) states.emplace(*sink, value);
                     return true;
                   }));
  return states;
}

Result<EventNumber> TrailConsumers::begin(SinkId sink, Bytes state) {
  std::vector<engine::Mutation> with;
  with.emplace_back(engine::Put{state_key(sink), std::move(state)});
  TRY(spool_.advance(consumer(sink), start_, std::move(with)));
  return start_;
}

Status TrailConsumers::forget(SinkId sink) {
  TRY(spool_.remove(consumer(sink)));
  std::vector<engine::Mutation> with;
  with.emplace_back(engine::Erase{state_key(sink)});
  with.emplace_back(engine::EraseRange{state_key(sink) + "/", state_key(sink) + "0"});
  return spool_.advance(starter(), start_, std::move(with));
}

Status TrailConsumers::note_complete(EventNumber number, int64_t now_milliseconds) {
  const int64_t since = now_milliseconds - noted_milliseconds_;
  if (number == start_ || (since >= 0 && since < kNoteMilliseconds)) return Done{};
  TRY(spool_.advance(starter(), number));
  start_ = number;
  noted_milliseconds_ = now_milliseconds;
  return Done{};
}

}  // namespace millrace::audit
