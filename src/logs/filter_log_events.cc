#include <algorithm>
#include <chrono>
#include <map>

#include "json/writer.h"
#include "logs/event_times.h"
#include "logs/filter_pattern.h"
#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tokens.h"

namespace millrace::logs {
namespace {

// A page ends when it has looked at so much, or for so long, so that a pattern that is rarely met
// or hard does not keep the thread; the client goes on with the token.
constexpr size_t kLookedAtBytesMax = 4U << 20;
constexpr std::chrono::milliseconds kLookedAtTimeMax{200};

struct FilterRequest {
  GroupPointer group;
  std::unique_ptr<FilterPattern> pattern;
  std::map<uint64_t, std::string> streams;  // names by number, empty: all
  std::string prefix;                       // of the names of streams
  PositionRange range;
  size_t limit = 0;
};

Status read_streams(const Call& call, FilterRequest& request) {
  const auto names = strings_of(call.input, "logStreamNames");
  request.prefix = string_or_empty(call.input, "logStreamNamePrefix");
  if (!names.empty() && !request.prefix.empty()) {
    return invalid_parameter(
        "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  }
  for (const std::string& name : names) {
    const auto stream = TRY(call.store.find_stream(*request.group, name));
    if (!stream) return no_such_stream();
    request.streams.emplace(stream->number, name);
  }
  return Done{};
}

Result<FilterRequest> read_filter_log_events(const Call& call) {
  FilterRequest request;
  request.group = TRY(group_of(call));
  request.pattern = TRY(parse_filter_pattern(string_or_empty(call.input, "filterPattern")));
  TRY(read_streams(call, request));
  request.range = range_of_times(call, *request.group, EndTime::kInclusive);
  if (const auto token = optional_string(call.input, "nextToken")) {
    const auto place = read_position_token(*token, request.group->number);
    if (!place) return invalid_next_token();
    request.range.from = std::max(request.range.from, *place);
  }
  request.limit = event_limit(call);
  return request;
}

// The page while it is written.
class FilterPage {
 public:
  FilterPage(const LogStore& store, const FilterRequest& request)
      : store_(store), request_(request), names_(request.streams.begin(), request.streams.end()) {}

  // False when the page is full.
  Result<bool> add(const StoredEvent& event) {
    looked_at_bytes_ += page_bytes_of(event);
    const std::string* stream = TRY(wanted_stream(event.stream));
    if (stream != nullptr && request_.pattern->matches(event.message)) {
      if (count_ > 0 && bytes_ + page_bytes_of(event) + stream->size() > kPageBytesMax) {
        next_ = event.position;
        return false;
      }
      write(event, *stream);
    }
    if (count_ < request_.limit && looked_at_bytes_ < kLookedAtBytesMax &&
        std::chrono::steady_clock::now() - begin_ < kLookedAtTimeMax) {
      return true;
    }
    next_ = next(event.position);
    return false;
  }

  std::string finish() {
    writer_.end_array();
    // The service lists no streams here any more.
    writer_.key("searchedLogStreams");
    writer_.begin_array();
    writer_.end_array();
    if (next_ && *next_ < request_.range.to) {
      writer_.member("nextToken", position_token(request_.group->number, *next_));
    }
    writer_.end_object();
    return std::move(out_);
  }

  void begin() {
    writer_.begin_object();
    writer_.key("events");
    writer_.begin_array();
  }

 private:
  // nullptr when events of the stream are not asked for, or it is no more.
  Result<const std::string*> wanted_stream(uint64_t number) {
    auto found = names_.find(number);
    if (found == names_.end()) {
      std::optional<std::string> name;
      if (request_.streams.empty()) name = TRY(store_.stream_name(*request_.group, number));
      if (name && !name->starts_with(request_.prefix)) name.reset();
      found = names_.emplace(number, std::move(name)).first;
    }
    return found->second ? &*found->second : nullptr;
  }

  void write(const StoredEvent& event, const std::string& stream) {
    ++count_;
    bytes_ += page_bytes_of(event) + stream.size();
    writer_.begin_object();
    writer_.member("logStreamName", stream);
    writer_.member("timestamp", static_cast<int64_t>(event.position.time));
    writer_.member("message", event.message);
    writer_.member("ingestionTime", event.ingestion_milliseconds);
    writer_.member("eventId", position_token(request_.group->number, event.position));
    writer_.end_object();
  }

  const LogStore& store_;
  const FilterRequest& request_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::map<uint64_t, std::optional<std::string>> names_;
  std::string out_;
  json::Writer writer_{out_};
  size_t count_ = 0;
  size_t bytes_ = 0;
  size_t looked_at_bytes_ = 0;
  std::optional<Position> next_;  // none: the end was reached
};

}  // namespace

Result<std::string> filter_log_events(const Call& call) {
  const FilterRequest request = TRY(read_filter_log_events(call));
  FilterPage page(call.store, request);
  page.begin();
  Status status = Done{};
  const auto add = [&](const StoredEvent& event) {
    const auto more = page.add(event);
    if (!more.ok()) status = more.error();
    return more.ok() && *more;
  };
  if (request.streams.size() == 1) {
    TRY(call.store.visit_stream_events(*request.group, request.streams.begin()->first,
                                       request.range, engine::Direction::kForward, add));
  } else {
    TRY(call.store.visit_group_events(*request.group, request.range, add));
  }
  TRY(status);
  return page.finish();
}

}  // namespace millrace::logs
