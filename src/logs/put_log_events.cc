#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "json/scalar.h"
#include "json/writer.h"
#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tokens.h"

namespace millrace::logs {
namespace {

constexpr size_t kBytesMax = 1'048'576;
constexpr int64_t kSpanMax = kDayMilliseconds;
constexpr int64_t kOldestMilliseconds = 14 * kDayMilliseconds;
constexpr int64_t kNewestMilliseconds = int64_t{2} * 60 * 60 * 1000;

struct PutEvents {
  std::string group;
  std::string stream;
  std::vector<LogEvent> events;
  size_t bytes = 0;
  std::string answer;
};

Result<std::vector<LogEvent>> read_events(json::Object input) {
  std::vector<LogEvent> events;
  json::Array array;
  const auto member = json::member(input, "logEvents");
  if (!member || member->get(array) != simdjson::SUCCESS) return events;
  for (const json::Element element : array) {
    json::Object object;
    if (element.get(object) != simdjson::SUCCESS) {
      return invalid_parameter("An element of logEvents must not be null");
    }
    events.push_back(
        {optional_integer(object, "timestamp").value_or(0), string_or_empty(object, "message")});
  }
  return events;
}

Status check_events(const PutEvents& put) {
  if (put.bytes > kBytesMax) {
    return invalid_parameter(
        fmt::format("Upload too large: {} bytes exceeds limit of {}", put.bytes, kBytesMax));
  }
  if (!std::ranges::is_sorted(put.events, {}, &LogEvent::timestamp_milliseconds)) {
    return invalid_parameter(
        "Log events in a single PutLogEvents request must be in chronological order.");
  }
  // Timestamps are not negative, so this cannot overflow.
  if (!put.events.empty() &&
      put.events.back().timestamp_milliseconds - put.events.front().timestamp_milliseconds >
          kSpanMax) {
    return invalid_parameter(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return Done{};
}

Result<std::shared_ptr<PutEvents>> read_put_log_events(const Call& call) {
  // A sequence token says nothing any more: the service takes every one.
  TRY(refuse_unsupported(call.input, {"entity"}));
  auto put = std::make_shared<PutEvents>();
  put->group = string_or_empty(call.input, "logGroupName");
  put->stream = string_or_empty(call.input, "logStreamName");
  put->events = TRY(read_events(call.input));
  for (const LogEvent& event : put->events)
    put->bytes += event.message.size() + kEventOverheadBytes;
  TRY(check_events(*put));
  return put;
}

// Which events of a request are taken: those between what is too old and what is too new.
struct Accepted {
  size_t too_old_end = 0;
  size_t expired_end = 0;
  size_t too_new_start = 0;
};

Accepted accept(const std::vector<LogEvent>& events, const Group& group, int64_t now) {
  const auto first_from = [&](int64_t time) {
    const auto found =
        std::ranges::lower_bound(events, time, {}, &LogEvent::timestamp_milliseconds);
    return static_cast<size_t>(found - events.begin());
  };
  return {first_from(now - kOldestMilliseconds),
          first_from(static_cast<int64_t>(group.kept_from(now))),
          first_from(now + kNewestMilliseconds + 1)};
}

std::string answer_of(const Accepted& accepted, size_t count, const Stream& stream) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("nextSequenceToken", sequence_token(stream));
  if (accepted.too_old_end > 0 || accepted.expired_end > 0 || accepted.too_new_start < count) {
    const auto member = [&](const char* name, size_t index) {
      writer.member(name, static_cast<int64_t>(index));
    };
    writer.key("rejectedLogEventsInfo");
    writer.begin_object();
    if (accepted.too_new_start < count) member("tooNewLogEventStartIndex", accepted.too_new_start);
    if (accepted.too_old_end > 0) member("tooOldLogEventEndIndex", accepted.too_old_end);
    if (accepted.expired_end > 0) member("expiredLogEventEndIndex", accepted.expired_end);
    writer.end_object();
  }
  writer.end_object();
  return out;
}

Status apply(PutEvents& put, int64_t now, Batch& batch) {
  const GroupPointer group = batch.find_group(put.group);
  if (group == nullptr) return no_such_group();
  if (!TRY(batch.find_stream(*group, put.stream))) return no_such_stream();
  const Accepted accepted = accept(put.events, *group, now);
  std::vector<Batch::NewEvent> events;
  for (size_t i = std::max(accepted.too_old_end, accepted.expired_end); i < accepted.too_new_start;
       ++i) {
    events.push_back(
        {static_cast<uint64_t>(put.events[i].timestamp_milliseconds), put.events[i].message});
  }
  const Stream stream = TRY(batch.add_events(put.group, put.stream, now, events));
  put.answer = answer_of(accepted, put.events.size(), stream);
  return Done{};
}

}  // namespace

void put_log_events(const Call& call, Reply reply) {
  auto read = read_put_log_events(call);
  if (!read.ok()) return reply(std::move(read).error());
  const std::shared_ptr<PutEvents> put = std::move(*read);
  call.store.change([&store = call.store,
                     put](Batch& batch) { return apply(*put, store.now_milliseconds(), batch); },
                    [put, reply = std::move(reply)](const Status& status) {
                      if (!status.ok()) return reply(status.error());
                      reply(std::move(put->answer));
                    },
                    put->bytes);
}

}  // namespace millrace::logs
