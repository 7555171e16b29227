#include "cli/resources/lambda_calls.h"

#include "auth/uri.h"
#include "cli/client/answer.h"
#include "cli/resources/await.h"

namespace millrace::cli::resources {

namespace {

Result<bool> follows_table(ServiceClient& client, const Node& mapping) {
  const Node tags = TRY(list_tags(client, mapping_arn(mapping)));
  return tags.text_of(kFollowTableTag) == "true";
}

bool is_settled(const std::string& state) {
  return state == "Enabled" || state == "Disabled";
}

}  // namespace

std::string function_path(std::string_view name, std::string_view rest) {
  std::string path = "/2015-03-31/functions/";
  auth::append_uri_encoded(path, name);
  return path.append(rest);
}

std::string mapping_path(std::string_view uuid) {
  std::string path = "/2015-03-31/event-source-mappings/";
  auth::append_uri_encoded(path, uuid);
  return path;
}

std::string tags_path(std::string_view arn) {
  std::string path = "/2017-03-31/tags/";
  auth::append_uri_encoded(path, arn);
  return path;
}

void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += "&";
  auth::append_uri_encoded(query, name);
  query += "=";
  auth::append_uri_encoded(query, value);
}

Result<std::optional<Node>> find_function(ServiceClient& client, const std::string& name) {
  const auto answer = client.call_rest(
      RestCall{.operation = "GetFunction", .method = "GET", .path = function_path(name)});
  if (!answer.ok()) {
    if (answer.error().code != ErrorCode::kResourceNotFoundException) return answer.error();
    return std::optional<Node>();
  }
  return std::optional<Node>(node_of(root_of(*answer)));
}

Result<std::vector<Node>> list_mappings(ServiceClient& client, const std::string& event_source_arn,
                                        const std::string& function) {
  std::vector<Node> mappings;
  std::string marker;
  do {
    RestCall call{.operation = "ListEventSourceMappings",
                  .method = "GET",
                  .path = "/2015-03-31/event-source-mappings"};
    if (!event_source_arn.empty()) append_query(call.query, "EventSourceArn", event_source_arn);
    if (!function.empty()) append_query(call.query, "FunctionName", function);
    if (!marker.empty()) append_query(call.query, "Marker", marker);
    const auto answer = client.call_rest(call);
    if (!answer.ok()) {
      // There are none of a function that is not there.
      if (answer.error().code == ErrorCode::kResourceNotFoundException) break;
      return answer.error();
    }
    const json::Object root = root_of(*answer);
    for (const json::Object mapping : objects_of(root, "EventSourceMappings")) {
      mappings.push_back(node_of(mapping));
    }
    marker = text_of(root, "NextMarker");
  } while (!marker.empty());
  return mappings;
}

Result<Node> find_mapping(ServiceClient& client, const std::string& stream_arn,
                          const std::string& function, bool follows) {
  const std::string table = table_of_stream(stream_arn);
  Node following;
  for (Node& mapping : TRY(list_mappings(client, "", function))) {
    const std::string source = mapping.text_of("EventSourceArn");
    if (mapping.text_of("State") == "Deleting") continue;
    if (source == stream_arn) return std::move(mapping);
    if (!follows || table_of_stream(source) != table) continue;
    if (TRY(follows_table(client, mapping))) following = std::move(mapping);
  }
  return following;
}

Result<Node> get_mapping(ServiceClient& client, const std::string& uuid) {
  const auto answer = TRY(client.call_rest(
      RestCall{.operation = "GetEventSourceMapping", .method = "GET", .path = mapping_path(uuid)}));
  return node_of(root_of(answer));
}

std::string mapping_arn(const Node& mapping) {
  if (std::string arn = mapping.text_of("EventSourceMappingArn"); !arn.empty()) return arn;
  const std::string function = mapping.text_of("FunctionArn");
  return "arn:" + arn_part(function, 1) + ":lambda:" + arn_part(function, 3) + ":" +
         arn_part(function, 4) + ":event-source-mapping:" + mapping.text_of("UUID");
}

Result<Node> await_mapping(ServiceClient& client, const std::string& uuid) {
  Node mapping;
  TRY(await("event source mapping " + uuid, [&]() -> Result<bool> {
    mapping = TRY(get_mapping(client, uuid));
    return is_settled(mapping.text_of("State"));
  }));
  return mapping;
}

Result<Node> list_tags(ServiceClient& client, const std::string& arn) {
  const auto answer = TRY(
      client.call_rest(RestCall{.operation = "ListTags", .method = "GET", .path = tags_path(arn)}));
  const auto tags = find_object(root_of(answer), "Tags");
  return tags ? node_of(*tags) : Node::map();
}

Status change_tags(ServiceClient& client, const std::string& arn, const Node& from,
                   const Node& to) {
  Node added = Node::map();
  for (const NodeMember& tag : to.members) {
    const Node* old = from.find(tag.name);
    if (old == nullptr || !(*old == tag.value)) added.set(tag.name, tag.value);
  }
  std::string removed;
  for (const NodeMember& tag : from.members) {
    if (to.find(tag.name) == nullptr) append_query(removed, "tagKeys", tag.name);
  }
  if (!removed.empty()) {
    TRY(client.send(RestCall{.operation = "UntagResource",
                             .method = "DELETE",
                             .path = tags_path(arn),
                             .query = removed}));
  }
  if (!added.members.empty()) {
    Node body = Node::map();
    body.set("Tags", std::move(added));
    TRY(client.send(RestCall{.operation = "TagResource",
                             .method = "POST",
                             .path = tags_path(arn),
                             .body = to_json(body)}));
  }
  return Done{};
}

std::string arn_part(std::string_view arn, size_t index) {
  if (!arn.starts_with("arn:")) return {};
  for (size_t i = 0; i < index; ++i) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(index < 5 ? arn.substr(0, arn.find(':')) : arn);
}

std::string table_of_stream(std::string_view arn) {
  std::string rest = arn_part(arn, 5);
  if (!rest.starts_with("table/")) return {};
  rest.erase(0, std::string_view("table/").size());
  return rest.substr(0, rest.find('/'));
}

std::string function_of_arn(std::string_view arn) {
  const std::string rest = arn_part(arn, 5);
  constexpr std::string_view kPrefix = "function:";
  return rest.starts_with(kPrefix) ? rest.substr(kPrefix.size()) : std::string(arn);
}

}  // namespace millrace::cli::resources
