// What the server itself logs.
#include <algorithm>
#include <memory>

#include "logs/log_store.h"
#include "logs/text.h"

namespace millrace::logs {
namespace {

constexpr size_t kMessageBytesMax = 256U << 10;

struct Append {
  std::string group;
  std::string stream;
  std::vector<LogEvent> events;
};

Status apply(const Append& append, int64_t now_milliseconds, Batch& batch) {
  GroupPointer group = batch.find_group(append.group);
  if (group == nullptr) {
    Group created;
    created.name = append.group;
    created.created_milliseconds = now_milliseconds;
    group = batch.create_group(std::move(created));
  }
  if (!TRY(batch.find_stream(*group, append.stream))) {
    Stream created;
    created.name = append.stream;
    created.created_milliseconds = now_milliseconds;
    TRY(batch.create_stream(append.group, std::move(created)));
  }
  std::vector<Batch::NewEvent> events;
  for (const LogEvent& event : append.events) {
    if (event.message.empty()) continue;
    const auto time = static_cast<uint64_t>(std::max(event.timestamp_milliseconds, int64_t{0}));
    events.push_back({time, event.message});
  }
  TRY(batch.add_events(append.group, append.stream, now_milliseconds, events));
  return Done{};
}

}  // namespace

void LogStore::append(const std::string& group, const std::string& stream,
                      std::vector<LogEvent> events, std::function<void(Status)> done) {
  size_t bytes = 0;
  for (LogEvent& event : events) {
    event.message = well_formed(std::move(event.message), kMessageBytesMax);
    bytes += event.message.size() + kEventOverheadBytes;
  }
  auto append = std::make_shared<const Append>(Append{group, stream, std::move(events)});
  change([this, append](Batch& batch) { return apply(*append, now_milliseconds(), batch); },
         std::move(done), bytes);
}

}  // namespace millrace::logs
