#include "cli/trail/who.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/columns.h"
#include "cli/stream/time_text.h"
#include "cli/trail/item_changes.h"
#include "json/attribute_value.h"
#include "json/writer.h"

namespace millrace::cli::trail {
namespace {

constexpr int64_t kPage = 1000;

struct ItemEvent {
  int64_t seconds = 0;
  bool read_only = false;
  std::string request_id;
  std::string principal;
  std::string operation;
  std::string source;
  std::string error;
  std::string json;  // as FindItemEvents gives it
};

Error not_a_key(std::string_view detail) {
  return {
      ErrorCode::kInvalidConfiguration,
      fmt::format("--key must be the key as DynamoDB's JSON, such as {{\"id\":{{\"S\":\"a\"}}}}{}",
                  detail)};
}

Result<AttributeMap> parse_key(const std::string& text) {
  const auto document = json::Document::parse(text);
  json::Object attributes;
  if (!document.ok() || document->root().get(attributes) != simdjson::SUCCESS) return not_a_key("");
  for (const auto& [name, value] : attributes) {
    json::Object typed;
    if (value.get(typed) != simdjson::SUCCESS || typed.size() != 1) return not_a_key("");
    for (const auto& [type, content] : typed) {
      const bool is_key_type = type == "S" || type == "N" || type == "B";
      if (!is_key_type || !content.is_string()) return not_a_key("");
    }
  }
  auto key = json::read_attribute_map(document->root());
  if (!key.ok()) return not_a_key(": " + key.error().message);
  return key;
}

Result<json::Document> find_item_events(ServiceClient& client, const WhoOptions& options,
                                        std::optional<int64_t> since, const std::string& token) {
  Call call{"FindItemEvents", "", kMillracePrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("TableName", options.table);
  writer.key("Key");
  writer.raw(options.key);
  writer.member("Limit", kPage);
  if (since) writer.member("StartTime", *since);
  if (!token.empty()) writer.member("NextToken", token);
  writer.end_object();
  return client.call(call);
}

ItemEvent event_of(json::Object event) {
  ItemEvent read;
  read.seconds = static_cast<int64_t>(find_number(event, "EventTime").value_or(0));
  read.read_only = is_true(event, "ReadOnly");
  read.request_id = text_of(event, "RequestId");
  read.principal = text_of(event, "PrincipalArn");
  read.operation = text_of(event, "EventName");
  read.source = text_of(event, "SourceIPAddress");
  read.error = text_of(event, "ErrorCode");
  read.json = simdjson::minify(event);
  return read;
}

Result<std::vector<ItemEvent>> all_events(ServiceClient& client, const WhoOptions& options,
                                          std::optional<int64_t> since) {
  std::vector<ItemEvent> events;
  std::string token;
  do {
    const auto page = TRY(find_item_events(client, options, since, token));
    for (const json::Object event : objects_of(root_of(page), "Events")) {
      events.push_back(event_of(event));
    }
    token = text_of(root_of(page), "NextToken");
  } while (!token.empty());
  return events;
}

// Only when there may be any.
Result<ItemChanges> changes_of(ServiceClient& client, const WhoOptions& options,
                               const AttributeMap& key, const std::vector<ItemEvent>& events) {
  std::optional<int64_t> oldest;
  for (const ItemEvent& event : events) {
    if (!event.read_only && event.error.empty()) {
      oldest = std::min(oldest.value_or(event.seconds), event.seconds);
    }
  }
  if (!oldest) return ItemChanges();
  return find_item_changes(client, options.table, key, *oldest);
}

std::string change_cell(const ItemChanges& changes, const std::string& request_id) {
  std::string cell;
  const auto [first, last] = changes.equal_range(request_id);
  for (auto change = first; change != last; ++change) {
    if (!cell.empty()) cell += ", ";
    cell += fmt::format("{} {}", change->second.event_name, change->second.sequence_number);
  }
  return cell.empty() ? "-" : cell;
}

std::string table_of(const std::vector<ItemEvent>& events, const ItemChanges& changes) {
  if (events.empty()) return {};
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  std::vector<Row> rows;
  for (const ItemEvent& event : events) {
    rows.push_back({stream::format_time(event.seconds), or_dash(event.principal),
                    or_dash(event.operation), or_dash(event.source), or_dash(event.error),
                    change_cell(changes, event.request_id)});
  }
  return format_columns({"TIME", "PRINCIPAL", "OPERATION", "SOURCE", "ERROR", "CHANGE"}, rows);
}

// A line each.
std::string json_of(const std::vector<ItemEvent>& events, const ItemChanges& changes) {
  std::string out;
  for (const ItemEvent& event : events) {
    out += event.json.substr(0, event.json.size() - 1);
    out += ",\"StreamRecords\":[";
    const auto [first, last] = changes.equal_range(event.request_id);
    for (auto change = first; change != last; ++change) {
      if (change != first) out += ',';
      out += change->second.json;
    }
    out += "]}\n";
  }
  return out;
}

}  // namespace

Result<std::string> who_text(ServiceClient& client, const Clock& clock, const WhoOptions& options) {
  const AttributeMap key = TRY(parse_key(options.key));
  std::optional<int64_t> since;
  if (options.since) since = stream::parse_time(*options.since, clock.now_milliseconds() / 1000);
  const auto events = TRY(all_events(client, options, since));
  const ItemChanges changes = TRY(changes_of(client, options, key, events));
  return options.as_json ? json_of(events, changes) : table_of(events, changes);
}

}  // namespace millrace::cli::trail
