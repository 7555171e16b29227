#include <fmt/format.h>

#include "audit/query/event_index.h"
#include "audit/query/indexed_items.h"
#include "audit/query/operations.h"
#include "catalog/arn.h"
#include "json/attribute_value.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kPageMax = 1000;
constexpr size_t kPageWithout = 100;
constexpr size_t kPageBytesMax = size_t{4} << 20;

struct ItemEventsRequest {
  int64_t item = 0;
  int64_t from = INT64_MIN;  // milliseconds, inclusive, both
  int64_t to = INT64_MAX;
  size_t page = kPageWithout;
  std::string scope;                // of tokens
  int64_t last_number = INT64_MAX;  // where the page before ended
};

Result<AttributeMap> read_key(const QueryCall& call, const catalog::Catalog& catalog,
                              const std::string& table_name) {
  const auto member = json::member(call.input, "Key");
  if (!member) return validation_error("Key is required.");
  AttributeMap key = TRY(json::read_attribute_map(*member));
  for (const auto& [name, value] : key) {
    if (value.type() != AttributeType::kString && value.type() != AttributeType::kNumber &&
        value.type() != AttributeType::kBinary) {
      return validation_error("The attributes of a key are of type S, N or B.");
    }
  }
  const auto table = catalog.find_table(table_name);
  if (table == nullptr) return key;
  const auto attributes = catalog::CompositeKeySchema::of(table->key_schema).attributes();
  bool matches = key.size() == attributes.size();
  for (const catalog::KeyAttribute& attribute : attributes) {
    const auto found = key.find(attribute.name);
    matches = matches && found != key.end() && found->second.type() == attribute.type;
  }
  if (!matches) return validation_error("The provided key element does not match the schema");
  return key;
}

Result<ItemEventsRequest> read_find_item_events(const QueryCall& call) {
  ItemEventsRequest request;
  std::string table_name = text_of(call, "TableName").value_or("");
  if (const auto arn = catalog::parse_table_arn(table_name)) table_name = arn->table_name;
  request.item = item_of(table_name, TRY(read_key(call, call.parts.catalog, table_name)));
  request.page = TRY(page_size_of(call, "Limit", kPageMax, kPageWithout));
  request.from = milliseconds_of(call, "StartTime").value_or(INT64_MIN);
  request.to = milliseconds_of(call, "EndTime").value_or(INT64_MAX);
  if (request.from > request.to) {
    return Error{ErrorCode::kInvalidTimeRangeException, "StartTime is after EndTime."};
  }
  request.scope = fmt::format("item {}", request.item);
  if (const auto position = TRY(page_token_of(call, request.scope))) {
    ByteReader reader(*position);
    const auto number = reader.read_u64();
    if (!number || !reader.empty()) {
      return Error{ErrorCode::kInvalidNextTokenException, "The token is not one of this request."};
    }
    request.last_number = static_cast<int64_t>(*number);
  }
  return request;
}

void write_event(json::Writer& writer, const Statement& row) {
  constexpr std::string_view kNames[] = {
      "EventId",         "EventName", "RequestId", "AccessKeyId",  "PrincipalArn",
      "SourceIPAddress", "UserAgent", "ErrorCode", "ErrorMessage", "CloudTrailEvent"};
  constexpr int kFirstText = 2;
  writer.begin_object();
  writer.key("EventTime");
  writer.timestamp_milliseconds(row.integer(0));
  writer.member("ReadOnly", row.integer(1) != 0);
  int column = kFirstText;
  for (const std::string_view name : kNames) {
    if (!row.is_null(column)) writer.member(name, row.text(column));
    ++column;
  }
  writer.end_object();
}

// The numbers of its events below `before`, newest first: the items of each bucket are together.
Result<std::vector<int64_t>> numbers_of(Database& index, int64_t item, int64_t before,
                                        const std::function<Result<bool>(int64_t number)>& take) {
  const int64_t first = TRY(index.read_integer("SELECT coalesce(min(bucket), 0) FROM item_event"));
  const int64_t last = TRY(index.read_integer("SELECT coalesce(max(bucket), -1) FROM item_event"));
  Statement numbers = TRY(
      index.prepare("SELECT number FROM item_event WHERE bucket = ?1 AND item = ?2 AND number < ?3 "
                    "ORDER BY number DESC"));
  std::vector<int64_t> taken;
  for (int64_t bucket = last; bucket >= first; --bucket) {
    numbers.bind(1, bucket);
    numbers.bind(2, item);
    numbers.bind(3, before);
    while (TRY(numbers.step())) {
      if (!TRY(take(numbers.integer(0)))) return taken;
      taken.push_back(numbers.integer(0));
    }
    numbers.reset();
  }
  return taken;
}

Result<std::string> answer_of(const ItemEventsRequest& request, Database& index) {
  Statement event = TRY(index.prepare(
      "SELECT time, read_only, id, name, request_id, access_key_id, "
      "json_extract(record, '$.userIdentity.arn'), json_extract(record, '$.sourceIPAddress'), "
      "json_extract(record, '$.userAgent'), error_code, json_extract(record, '$.errorMessage'), "
      "record FROM event WHERE number = ?1 AND time >= ?2 AND time <= ?3"));
  event.bind(2, request.from);
  event.bind(3, request.to);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Events");
  writer.begin_array();
  size_t count = 0;
  std::optional<Bytes> last;
  bool more = false;
  TRY(numbers_of(index, request.item, request.last_number, [&](int64_t number) -> Result<bool> {
    event.bind(1, number);
    if (TRY(event.step())) {
      more = count == request.page || out.size() > kPageBytesMax;
      if (!more) {
        write_event(writer, event);
        ++count;
        last.emplace();
        append_u64(*last, static_cast<uint64_t>(number));
      }
    }
    event.reset();
    return !more;
  }));
  writer.end_array();
  if (more) writer.member("NextToken", write_page_token(request.scope, *last));
  writer.end_object();
  return out;
}

}  // namespace

void find_item_events(const QueryCall& call, api::Reply reply) {
  auto request = read_find_item_events(call);
  if (!request.ok()) return reply(std::move(request).error());
  answer_from_index(
      call.parts,
      [request = *std::move(request)](Database& index) { return answer_of(request, index); },
      std::move(reply));
}

}  // namespace millrace::audit::query
