#include <algorithm>

#include "json/writer.h"
#include "logs/event_times.h"
#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tokens.h"

namespace millrace::logs {
namespace {

// A token names a place between two events: f/PLACE is for what is above, b/PLACE for what is
// below.
struct EventsRequest {
  GroupPointer group;
  uint64_t stream = 0;
  PositionRange range;
  Position place;  // where both tokens of an empty page stand
  engine::Direction direction = engine::Direction::kBackward;
  size_t limit = 0;
};

Status read_token(std::string_view token, EventsRequest& request) {
  const bool forward = token.starts_with("f/");
  if (!forward && !token.starts_with("b/")) return invalid_next_token();
  const auto place = read_position_token(token.substr(2), request.stream);
  if (!place) return invalid_next_token();
  request.place = *place;
  if (forward) {
    request.direction = engine::Direction::kForward;
    request.range.from = std::max(request.range.from, *place);
  } else {
    request.direction = engine::Direction::kBackward;
    request.range.to = std::min(request.range.to, *place);
  }
  return Done{};
}

Result<EventsRequest> read_get_log_events(const Call& call) {
  EventsRequest request;
  request.group = TRY(group_of(call));
  const auto stream =
      TRY(call.store.find_stream(*request.group, string_or_empty(call.input, "logStreamName")));
  if (!stream) return no_such_stream();
  request.stream = stream->number;
  request.range = range_of_times(call, *request.group, EndTime::kExclusive);
  request.place = request.range.from;
  if (flag_of(call.input, "startFromHead")) request.direction = engine::Direction::kForward;
  if (const auto token = optional_string(call.input, "nextToken")) TRY(read_token(*token, request));
  request.limit = event_limit(call);
  return request;
}

struct Event {
  Position position;
  int64_t ingestion_milliseconds;
  std::string message;
};

Result<std::vector<Event>> read_page(const LogStore& store, const EventsRequest& request) {
  std::vector<Event> page;
  size_t bytes = 0;
  TRY(store.visit_stream_events(
      *request.group, request.stream, request.range, request.direction,
      [&](const StoredEvent& event) {
        bytes += page_bytes_of(event);
        if (!page.empty() && bytes > kPageBytesMax) return false;
        page.push_back({event.position, event.ingestion_milliseconds, std::string(event.message)});
        return page.size() < request.limit;
      }));
  if (request.direction == engine::Direction::kBackward) std::ranges::reverse(page);
  return page;
}

}  // namespace

Result<std::string> get_log_events(const Call& call) {
  const EventsRequest request = TRY(read_get_log_events(call));
  const std::vector<Event> page = TRY(read_page(call.store, request));
  const Position below = page.empty() ? request.place : page.front().position;
  const Position above = page.empty() ? request.place : next(page.back().position);

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("events");
  writer.begin_array();
  for (const Event& event : page) {
    writer.begin_object();
    writer.member("timestamp", static_cast<int64_t>(event.position.time));
    writer.member("message", event.message);
    writer.member("ingestionTime", event.ingestion_milliseconds);
    writer.end_object();
  }
  writer.end_array();
  writer.member("nextForwardToken", "f/" + position_token(request.stream, above));
  writer.member("nextBackwardToken", "b/" + position_token(request.stream, below));
  writer.end_object();
  return out;
}

}  // namespace millrace::logs
