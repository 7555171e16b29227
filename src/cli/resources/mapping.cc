#include "cli/resources/mapping.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr int64_t kDefaultBatchSize = 100;

constexpr Property kFilterProperties[] = {{"Pattern", &kText}};
constexpr Shape kFilter = structure(kFilterProperties);
constexpr Shape kFilters = list_of(kFilter);
constexpr Property kCriteriaProperties[] = {{"Filters", &kFilters}};
constexpr Shape kCriteria = structure(kCriteriaProperties);
constexpr Property kOnFailureProperties[] = {{"Destination", &kText, Need::kRequired}};
constexpr Shape kOnFailure = structure(kOnFailureProperties);
constexpr Property kDestinationProperties[] = {{"OnFailure", &kOnFailure}, {"OnSuccess", nullptr}};
constexpr Shape kDestination = structure(kDestinationProperties);
constexpr Property kMappingProperties[] = {
    {"AmazonManagedKafkaEventSourceConfig", nullptr},
    {"BatchSize", &kInteger},
    {"BisectBatchOnFunctionError", &kBoolean},
    {"DestinationConfig", &kDestination},
    {"DocumentDBEventSourceConfig", nullptr},
    {"Enabled", &kBoolean},
    {"EventSourceArn", &kText, Need::kRequired},
    {"FilterCriteria", &kCriteria},
    {"FunctionName", &kText, Need::kRequired},
    {"FunctionResponseTypes", &kTexts},
    {"KmsKeyArn", nullptr},
    {"LoggingConfig", nullptr},
    {"MaximumBatchingWindowInSeconds", &kInteger},
    {"MaximumRecordAgeInSeconds", &kInteger},
    {"MaximumRetryAttempts", &kInteger},
    {"MetricsConfig", nullptr},
    {"ParallelizationFactor", &kInteger},
    {"ProvisionedPollerConfig", nullptr},
    {"Queues", nullptr},
    {"ScalingConfig", nullptr},
    {"SelfManagedEventSource", nullptr},
    {"SelfManagedKafkaEventSourceConfig", nullptr},
    {"SourceAccessConfigurations", nullptr},
    {"StartingPosition", &kText},
    {"StartingPositionTimestamp", nullptr},
    {"Tags", &kTags},
    {"Topics", nullptr},
    {"TumblingWindowInSeconds", &kInteger},
};
constexpr Shape kMapping = structure(kMappingProperties);

// What an update sends to have a setting away; it has no null.
Node cleared(std::string_view name) {
  Node node = Node::map();
  if (name == "FunctionResponseTypes") return Node::list();
  if (name == "FilterCriteria") node.set("Filters", Node::list());
  if (name == "DestinationConfig") node.set("OnFailure", Node::map());
  return node;
}

// Absent, null, or an object or a list with nothing in it.
bool is_empty(const Node* node) {
  if (node == nullptr || node->kind == NodeKind::kNull) return true;
  if (node->is_list()) return node->items.empty();
  return node->is_map() && std::ranges::all_of(node->members, [](const NodeMember& member) {
           return is_empty(&member.value);
         });
}

}  // namespace

Node mapping_settings(const Node& mapping) {
  Node node = Node::map();
  auto take = [&](const char* name, const Node& otherwise) {
    const Node* value = mapping.find(name);
    node.set(name, is_empty(value) ? otherwise : *value);
  };
  take("BatchSize", Node::of_integer(kDefaultBatchSize));
  take("MaximumBatchingWindowInSeconds", Node::of_integer(0));
  take("ParallelizationFactor", Node::of_integer(1));
  take("MaximumRetryAttempts", Node::of_integer(-1));
  take("MaximumRecordAgeInSeconds", Node::of_integer(-1));
  take("BisectBatchOnFunctionError", Node::of_boolean(false));
  take("TumblingWindowInSeconds", Node::of_integer(0));
  take("FunctionResponseTypes", Node::list());
  take("FilterCriteria", {});
  take("DestinationConfig", {});
  return node;
}

Result<std::unique_ptr<Resource>> Mapping::make(const Declaration& declaration, const Setting&) {
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, kMapping, path));
  Node wanted = mapping_settings(properties);
  wanted.set("EventSourceArn", *properties.find("EventSourceArn"));
  wanted.set("FunctionName", *properties.find("FunctionName"));
  const Node* enabled = properties.find("Enabled");
  wanted.set("Enabled", enabled == nullptr ? Node::of_boolean(true) : *enabled);
  const Node* tags = properties.find("Tags");
  wanted.set("Tags", tags == nullptr ? Node::map() : TRY(tags_as_map(*tags, joined(path, "Tags"))));
  const Node& source = *wanted.find("EventSourceArn");
  if (source.is_scalar() && table_of_stream(source.text).empty()) {
    return fault(source, joined(path, "EventSourceArn"),
                 "'" + source.text + "' is not the ARN of a table's stream");
  }
  const Node* position = properties.find("StartingPosition");
  if (position != nullptr && position->is_scalar() && position->text != "LATEST" &&
      position->text != "TRIM_HORIZON") {
    return fault(*position, joined(path, "StartingPosition"), "takes LATEST or TRIM_HORIZON");
  }
  const Node* function = wanted.find("FunctionName");
  std::string name =
      fmt::format("{} → {}", source.is_scalar() ? table_of_stream(source.text) : source.text,
                  function->is_scalar() ? function_of_arn(function->text) : function->text);
  return std::unique_ptr<Resource>(
      new Mapping(std::move(name), std::move(wanted), position == nullptr ? Node() : *position));
}

Attributes Mapping::attributes() const {
  if (current_.is_map()) {
    return {{"Ref", Node::of_text(current_.text_of("UUID"))},
            {"Id", Node::of_text(current_.text_of("UUID"))},
            {"EventSourceMappingArn", Node::of_text(mapping_arn(current_))}};
  }
  const Node unknown = Node::unknown("the mapping " + name_);
  return {{"Ref", unknown}, {"Id", unknown}, {"EventSourceMappingArn", unknown}};
}

Result<Node> Mapping::find_current(ServiceClient& client) const {
  const Node& source = *wanted_.find("EventSourceArn");
  const Node& function = *wanted_.find("FunctionName");
  // What it belongs to is to be made first.
  if (!source.is_scalar() || !function.is_scalar()) return Node();
  const bool follows = wanted_.find("Tags")->text_of(kFollowTableTag) == "true";
  return find_mapping(client, source.text, function.text, follows);
}

Result<Decision> Mapping::compare(ServiceClient& client) {
  current_ = TRY(find_current(client));
  if (!current_.is_map()) return Decision{Action::kCreate, name_, {}, attributes()};
  const std::string position = current_.text_of("StartingPosition");
  if (starting_position_.is_scalar() && !position.empty() && starting_position_.text != position) {
    return fault(starting_position_, name_,
                 fmt::format("StartingPosition {} → {} needs a new mapping: remove the old one, or "
                             "use `millrace trigger replay`",
                             position, starting_position_.text));
  }
  Node current = mapping_settings(current_);
  const std::string state = current_.text_of("State");
  current.set("Enabled", Node::of_boolean(state != "Disabled" && state != "Disabling"));
  current.set("EventSourceArn", *wanted_.find("EventSourceArn"));
  current.set("FunctionName", *wanted_.find("FunctionName"));
  tags_ = owned_tags(TRY(list_tags(client, mapping_arn(current_))), *wanted_.find("Tags"));
  current.set("Tags", tags_);
  changes_ = differences(current, wanted_);
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, texts_of(changes_), attributes()};
}

Result<Attributes> Mapping::apply(ServiceClient& client) {
  if (current_.is_map()) {
    TRY(update(client));
  } else {
    TRY(create(client));
  }
  current_ = TRY(await_mapping(client, current_.text_of("UUID")));
  return attributes();
}

Status Mapping::create(ServiceClient& client) {
  Node body = wanted_;
  for (const char* name :
       {"FilterCriteria", "DestinationConfig", "FunctionResponseTypes", "Tags"}) {
    if (is_empty(wanted_.find(name))) body.erase(name);
  }
  body.set("StartingPosition",
           starting_position_.is_scalar() ? starting_position_ : Node::of_text("LATEST"));
  const auto answer = TRY(client.call_rest(RestCall{.operation = "CreateEventSourceMapping",
                                                    .method = "POST",
                                                    .path = "/2015-03-31/event-source-mappings",
                                                    .body = to_json(body)}));
  current_ = node_of(root_of(answer));
  return Done{};
}

Status Mapping::update(ServiceClient& client) {
  const std::string uuid = current_.text_of("UUID");
  Node body = Node::map();
  for (const NodeMember& member : wanted_.members) {
    if (member.name == "Tags" || !differs(changes_, member.name)) continue;
    body.set(member.name, is_empty(&member.value) ? cleared(member.name) : member.value);
  }
  if (!body.members.empty()) {
    TRY(await_mapping(client, uuid));
    TRY(client.call_rest(RestCall{.operation = "UpdateEventSourceMapping",
                                  .method = "PUT",
                                  .path = mapping_path(uuid),
                                  .body = to_json(body)}));
  }
  return change_tags(client, mapping_arn(current_), tags_, *wanted_.find("Tags"));
}

}  // namespace millrace::cli::resources
