#include <charconv>

#include <fmt/format.h>

#include "audit/query/operations.h"
#include "catalog/arn.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kPageMax = 50;
constexpr int64_t kHistoryMilliseconds = int64_t{90} * 24 * 60 * 60 * 1000;

struct LookupRequest {
  std::string attribute;  // empty: all events
  std::string value;
  int64_t from = 0;  // milliseconds, inclusive, both
  int64_t to = INT64_MAX;
  size_t page = kPageMax;
  std::string scope;  // of tokens
  // Where the page before ended; of the first page, above everything.
  int64_t last_time = INT64_MAX;
  int64_t last_number = INT64_MAX;
};

// LookupEvents' own: of the session of a role, its name.
constexpr std::string_view kUserName =
    "coalesce(json_extract(record, '$.userIdentity.userName'), "
    "CASE json_extract(record, '$.userIdentity.type') WHEN 'Root' THEN 'root' "
    "WHEN 'AssumedRole' THEN substr(json_extract(record, '$.userIdentity.principalId'), "
    "1 + instr(json_extract(record, '$.userIdentity.principalId'), ':')) END)";

// What an event must meet, with ?6 for the value.
struct AttributeCondition {
  std::string_view attribute;
  std::string_view sql;
};
constexpr AttributeCondition kConditions[] = {
    {"EventId", "id = ?6"},
    {"EventName", "name = ?6"},
    {"ReadOnly", "read_only = (?6 = 'true')"},
    {"Username", ""},  // kUserName
    {"ResourceType",
     "EXISTS (SELECT 1 FROM json_each(resources) WHERE json_extract(value, '$.type') = ?6)"},
    // A table is named by its name or its ARN.
    {"ResourceName",
     "EXISTS (SELECT 1 FROM json_each(resources) WHERE json_extract(value, '$.ARN') = ?6 OR "
     "substr(json_extract(value, '$.ARN'), -length(':table/' || ?6)) = ':table/' || ?6)"},
    {"EventSource", "source = ?6"},
    {"AccessKeyId", "access_key_id = ?6"},
};

Error invalid_attributes(std::string message) {
  return {ErrorCode::kInvalidLookupAttributesException, std::move(message)};
}

Status read_attribute(const QueryCall& call, LookupRequest& request) {
  const auto list = json::member(call.input, "LookupAttributes");
  json::Array array;
  if (!list || list->get(array) != simdjson::SUCCESS || array.size() == 0) return Done{};
  if (array.size() > 1) return invalid_attributes("Only one lookup attribute may be given.");
  json::Object attribute;
  std::string_view key;
  std::string_view value;
  if (array.at(0).get(attribute) != simdjson::SUCCESS ||
      attribute.at_key("AttributeKey").get(key) != simdjson::SUCCESS ||
      attribute.at_key("AttributeValue").get(value) != simdjson::SUCCESS) {
    return invalid_attributes("A lookup attribute has a key and a value.");
  }
  request.attribute = key;
  request.value = value;
  if (key == "ReadOnly" && value != "true" && value != "false") {
    return invalid_attributes("The value of ReadOnly is true or false.");
  }
  return Done{};
}

Status read_position(const QueryCall& call, LookupRequest& request) {
  const auto position = TRY(page_token_of(call, request.scope));
  if (!position) return Done{};
  ByteReader reader(*position);
  const auto time = reader.read_u64();
  const auto number = reader.read_u64();
  if (!time || !number || !reader.empty()) {
    return Error{ErrorCode::kInvalidNextTokenException, "The token is not one of this request."};
  }
  request.last_time = static_cast<int64_t>(*time);
  request.last_number = static_cast<int64_t>(*number);
  return Done{};
}

Result<LookupRequest> read_lookup_events(const QueryCall& call) {
  LookupRequest request;
  request.page = TRY(page_size_of(call, "MaxResults", kPageMax, kPageMax));
  TRY(read_attribute(call, request));
  const auto start = milliseconds_of(call, "StartTime");
  const auto end = milliseconds_of(call, "EndTime");
  if (start && end && *start > *end) {
    return Error{ErrorCode::kInvalidTimeRangeException, "StartTime is after EndTime."};
  }
  request.scope = fmt::format("lookup {} {} {} {}", start.value_or(-1), end.value_or(-1),
                              request.attribute, request.value);
  // The times of events are whole seconds.
  if (start) request.from = *start / 1000 * 1000;
  if (end) request.to = *end / 1000 * 1000 + 999;
  request.from = std::max(request.from, call.parts.clock.now_milliseconds() - kHistoryMilliseconds);
  TRY(read_position(call, request));
  return request;
}

std::string sql_of(const LookupRequest& request) {
  std::string condition;
  for (const AttributeCondition& one : kConditions) {
    if (one.attribute != request.attribute) continue;
    condition =
        one.sql.empty() ? fmt::format(" AND {} = ?6", kUserName) : fmt::format(" AND {}", one.sql);
  }
  return fmt::format(
      "SELECT time, number, id, name, source, read_only, access_key_id, "
      "{}, resources, record FROM event "
      "WHERE management AND time >= ?1 AND time <= ?2 AND (time, number) < (?3, ?4){} "
      "ORDER BY time DESC, number DESC LIMIT ?5",
      kUserName, condition);
}

void write_text(json::Writer& writer, std::string_view name, std::string_view text) {
  if (!text.empty()) writer.member(name, text);
}

void write_resources(json::Writer& writer, std::string_view text) {
  writer.key("Resources");
  writer.begin_array();
  const auto document = json::Document::parse(text.empty() ? "[]" : text);
  json::Array resources;
  if (document.ok() && document->root().get(resources) == simdjson::SUCCESS) {
    for (const json::Element element : resources) {
      std::string_view type;
      std::string_view arn;
      if (element.at_key("type").get(type) != simdjson::SUCCESS ||
          element.at_key("ARN").get(arn) != simdjson::SUCCESS) {
        continue;
      }
      const auto table = catalog::parse_table_arn(arn);
      writer.begin_object();
      writer.member("ResourceType", type);
      writer.member("ResourceName", table ? std::string_view(table->table_name) : arn);
      writer.end_object();
    }
  }
  writer.end_array();
}

void write_event(json::Writer& writer, const Statement& row) {
  writer.begin_object();
  write_text(writer, "EventId", row.text(2));
  write_text(writer, "EventName", row.text(3));
  writer.member("ReadOnly", row.integer(5) != 0 ? "true" : "false");
  write_text(writer, "AccessKeyId", row.text(6));
  writer.member("EventTime", row.integer(0) / 1000);
  write_text(writer, "EventSource", row.text(4));
  write_text(writer, "Username", row.text(7));
  write_resources(writer, row.text(8));
  writer.member("CloudTrailEvent", row.text(9));
  writer.end_object();
}

Result<std::string> answer_of(const LookupRequest& request, Database& index) {
  Statement events = TRY(index.prepare(sql_of(request)));
  events.bind(1, request.from);
  events.bind(2, request.to);
  events.bind(3, request.last_time);
  events.bind(4, request.last_number);
  events.bind(5, static_cast<int64_t>(request.page) + 1);
  if (!request.attribute.empty()) events.bind(6, request.value);

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Events");
  writer.begin_array();
  Bytes last;
  size_t count = 0;
  bool more = false;
  while (TRY(events.step())) {
    more = count == request.page;
    if (more) break;
    write_event(writer, events);
    ++count;
    last.clear();
    append_u64(last, static_cast<uint64_t>(events.integer(0)));
    append_u64(last, static_cast<uint64_t>(events.integer(1)));
  }
  writer.end_array();
  if (more) writer.member("NextToken", write_page_token(request.scope, last));
  writer.end_object();
  return out;
}

}  // namespace

void lookup_events(const QueryCall& call, api::Reply reply) {
  auto request = read_lookup_events(call);
  if (!request.ok()) return reply(std::move(request).error());
  // There are no insights.
  if (text_of(call, "EventCategory")) return reply(std::string(R"({"Events":[]})"));
  answer_from_index(
      call.parts,
      [request = *std::move(request)](Database& index) { return answer_of(request, index); },
      std::move(reply));
}

}  // namespace millrace::audit::query
