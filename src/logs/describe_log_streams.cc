#include "json/writer.h"
#include "logs/arn.h"
#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tokens.h"

namespace millrace::logs {
namespace {

constexpr int64_t kPageStreams = 50;

struct StreamsRequest {
  GroupPointer group;
  std::string prefix;
  bool by_last_event = false;
  engine::Direction direction = engine::Direction::kForward;
  std::optional<LogStore::LastEventPlace> after;  // the last stream of the page before
  size_t limit = 0;
};

// "LAST-EVENT NAME"
std::string token_of(const Stream& stream) {
  return name_token(std::to_string(stream.last_event_milliseconds.value_or(0)) + ' ' + stream.name);
}

std::optional<LogStore::LastEventPlace> read_token(std::string_view token) {
  const auto text = read_name_token(token);
  if (!text) return std::nullopt;
  const size_t space = text->find(' ');
  if (space == 0 || space > 19 || text->find_first_not_of("0123456789") != space) {
    return std::nullopt;
  }
  return LogStore::LastEventPlace{std::stoull(text->substr(0, space)), text->substr(space + 1)};
}

Result<StreamsRequest> read_describe_log_streams(const Call& call) {
  StreamsRequest request;
  request.group = TRY(group_of(call));
  request.prefix = string_or_empty(call.input, "logStreamNamePrefix");
  request.by_last_event = string_or_empty(call.input, "orderBy") == "LastEventTime";
  if (request.by_last_event && !request.prefix.empty()) {
    return invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  if (flag_of(call.input, "descending")) request.direction = engine::Direction::kBackward;
  if (const auto token = optional_string(call.input, "nextToken")) {
    request.after = read_token(*token);
    if (!request.after) return invalid_next_token();
  }
  request.limit = static_cast<size_t>(optional_integer(call.input, "limit").value_or(kPageStreams));
  return request;
}

Status visit(const LogStore& store, const StreamsRequest& request, const StreamVisitor& visitor) {
  if (request.by_last_event) {
    return store.visit_streams_by_last_event(*request.group, request.after, request.direction,
                                             visitor);
  }
  std::optional<std::string> from;
  if (request.after) {
    from = request.after->name;
    if (request.direction == engine::Direction::kForward) from->push_back('\0');
  }
  return store.visit_streams(*request.group, request.prefix, from, request.direction, visitor);
}

void write_stream(json::Writer& writer, const std::string& arn, const Stream& stream) {
  writer.begin_object();
  writer.member("logStreamName", stream.name);
  writer.member("creationTime", stream.created_milliseconds);
  if (stream.last_event_milliseconds) {
    writer.member("firstEventTimestamp", *stream.first_event_milliseconds);
    writer.member("lastEventTimestamp", *stream.last_event_milliseconds);
    writer.member("lastIngestionTime", stream.last_ingestion_milliseconds);
    writer.member("uploadSequenceToken", sequence_token(stream));
  }
  writer.member("arn", arn);
  writer.member("storedBytes", 0);  // as the service has it for every stream
  writer.end_object();
}

}  // namespace

Result<std::string> describe_log_streams(const Call& call) {
  const StreamsRequest request = TRY(read_describe_log_streams(call));
  std::vector<Stream> page;
  bool more = false;
  TRY(visit(call.store, request, [&](const Stream& stream) {
    more = page.size() == request.limit;
    if (!more) page.push_back(stream);
    return !more;
  }));

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("logStreams");
  writer.begin_array();
  for (const Stream& stream : page) {
    write_stream(writer, log_stream_arn(call.site, request.group->name, stream.name), stream);
  }
  writer.end_array();
  if (more) writer.member("nextToken", token_of(page.back()));
  writer.end_object();
  return out;
}

}  // namespace millrace::logs
