#include "cli/resources/trail.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "audit/kms_key_arn.h"
#include "cli/client/answer.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr Property kDataResourceProperties[] = {{"Type", &kText, Need::kRequired},
                                                {"Values", &kTexts}};
constexpr Shape kDataResource = structure(kDataResourceProperties);
constexpr Shape kDataResources = list_of(kDataResource);
constexpr Property kSelectorProperties[] = {{"DataResources", &kDataResources},
                                            {"ExcludeManagementEventSources", &kTexts},
                                            {"IncludeManagementEvents", &kBoolean},
                                            {"ReadWriteType", &kText}};
constexpr Shape kSelector = structure(kSelectorProperties);
constexpr Shape kSelectors = list_of(kSelector);
constexpr Property kFieldProperties[] = {
    {"EndsWith", &kTexts},    {"Equals", &kTexts},    {"Field", &kText, Need::kRequired},
    {"NotEndsWith", &kTexts}, {"NotEquals", &kTexts}, {"NotStartsWith", &kTexts},
    {"StartsWith", &kTexts},
};
constexpr Shape kField = structure(kFieldProperties);
constexpr Shape kFields = list_of(kField);
constexpr Property kAdvancedSelectorProperties[] = {{"FieldSelectors", &kFields, Need::kRequired},
                                                    {"Name", &kText}};
constexpr Shape kAdvancedSelector = structure(kAdvancedSelectorProperties);
constexpr Shape kAdvancedSelectors = list_of(kAdvancedSelector);
constexpr Property kTrailProperties[] = {
    {"AdvancedEventSelectors", &kAdvancedSelectors},
    {"AggregationConfigurations", nullptr},
    {"CloudWatchLogsLogGroupArn", &kText},
    {"CloudWatchLogsRoleArn", &kText},
    {"EnableLogFileValidation", &kBoolean},
    {"EventSelectors", &kSelectors},
    {"IncludeGlobalServiceEvents", &kBoolean},
    {"InsightSelectors", nullptr},
    {"IsLogging", &kBoolean, Need::kRequired},
    {"IsMultiRegionTrail", &kBoolean},
    {"IsOrganizationTrail", nullptr},
    {"KMSKeyId", &kText},
    {"S3BucketName", &kText, Need::kRequired},
    {"S3KeyPrefix", &kText},
    {"SnsTopicName", nullptr},
    {"Tags", &kTags},
    {"TrailName", &kText},
};
constexpr Shape kTrail = structure(kTrailProperties);

// What CreateTrail and UpdateTrail take, and what stands for a setting that is not there: an empty
// text takes it away.
struct Member {
  const char* property;
  const char* input;
  const char* output;
  const char* otherwise;
};
constexpr auto kSettings = std::to_array<Member>({
    {"S3BucketName", "S3BucketName", "S3BucketName", ""},
    {"S3KeyPrefix", "S3KeyPrefix", "S3KeyPrefix", ""},
    {"IncludeGlobalServiceEvents", "IncludeGlobalServiceEvents", "IncludeGlobalServiceEvents",
     "true"},
    {"IsMultiRegionTrail", "IsMultiRegionTrail", "IsMultiRegionTrail", "false"},
    {"EnableLogFileValidation", "EnableLogFileValidation", "LogFileValidationEnabled", "false"},
    {"KMSKeyId", "KmsKeyId", "KmsKeyId", ""},
    {"CloudWatchLogsLogGroupArn", "CloudWatchLogsLogGroupArn", "CloudWatchLogsLogGroupArn", ""},
    {"CloudWatchLogsRoleArn", "CloudWatchLogsRoleArn", "CloudWatchLogsRoleArn", ""},
});

Node absent(const Member& member) {
  Node node = Node::of_text(member.otherwise);
  if (!node.text.empty()) node.kind = NodeKind::kBoolean;
  return node;
}

const Node& no_items() {
  static const Node kNone = Node::list();
  return kNone;
}

// The result lives as long as `node` and `otherwise`.
const Node& member_or(const Node& node, std::string_view name, const Node& otherwise) {
  const Node* found = node.find(name);
  return found == nullptr || found->kind == NodeKind::kNull ? otherwise : *found;
}

// With the defaults that the service writes out.
Node normal_selectors(const Node& list) {
  Node normal = Node::list();
  for (const Node& selector : list.items) {
    Node node = Node::map();
    node.set("ReadWriteType", member_or(selector, "ReadWriteType", Node::of_text("All")));
    node.set("IncludeManagementEvents",
             member_or(selector, "IncludeManagementEvents", Node::of_boolean(true)));
    Node resources = Node::list();
    for (const Node& resource : member_or(selector, "DataResources", no_items()).items) {
      Node data = Node::map();
      data.set("Type", *resource.find("Type"));
      data.set("Values", member_or(resource, "Values", no_items()));
      resources.items.push_back(std::move(data));
    }
    node.set("DataResources", std::move(resources));
    node.set("ExcludeManagementEventSources",
             member_or(selector, "ExcludeManagementEventSources", no_items()));
    normal.items.push_back(std::move(node));
  }
  return normal;
}

// Without what says nothing.
Node normal_advanced_selectors(const Node& list) {
  Node normal = list;
  for (Node& selector : normal.items) {
    if (selector.text_of("Name").empty()) selector.erase("Name");
    Node* fields = selector.find("FieldSelectors");
    if (fields == nullptr) continue;
    for (Node& field : fields->items) {
      std::erase_if(field.members, [](const NodeMember& member) {
        return member.value.is_list() && member.value.items.empty();
      });
    }
  }
  return normal;
}

Node default_selectors() {
  Node list = Node::list();
  list.items.push_back(Node::map());
  return normal_selectors(list);
}

void take_selectors(const Node& from, Node& to) {
  const Node* basic = from.find("EventSelectors");
  const Node* advanced = from.find("AdvancedEventSelectors");
  if (advanced != nullptr && !advanced->items.empty()) {
    to.set("AdvancedEventSelectors", normal_advanced_selectors(*advanced));
  } else if (basic != nullptr && !basic->items.empty()) {
    to.set("EventSelectors", normal_selectors(*basic));
  } else {
    to.set("EventSelectors", default_selectors());
  }
}

std::string without_slashes(std::string text) {
  text.erase(0, text.find_first_not_of('/'));
  text.erase(text.find_last_not_of('/') + 1);
  return text;
}

// As the service keeps them.
Status normalize(Node& wanted, const Setting& setting, const std::string& path) {
  Node& prefix = *wanted.find("S3KeyPrefix");
  if (prefix.is_scalar()) prefix.text = without_slashes(prefix.text);
  Node& key = *wanted.find("KMSKeyId");
  if (!key.is_scalar() || key.text.empty()) return Done{};
  const auto arn = audit::kms_key_arn({setting.account_id, setting.region}, key.text);
  if (!arn.ok()) return fault(key, joined(path, "KMSKeyId"), arn.error().message);
  key.text = *arn;
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Resource>> Trail::make(const Declaration& declaration,
                                              const Setting& setting) {
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, kTrail, path));
  const std::string name = TRY(name_of(declaration, setting, "TrailName"));
  Node wanted = Node::map();
  for (const Member& member : kSettings) {
    wanted.set(member.property, member_or(properties, member.property, absent(member)));
  }
  TRY(normalize(wanted, setting, path));
  wanted.set("IsLogging", *properties.find("IsLogging"));
  if (properties.find("EventSelectors") != nullptr &&
      properties.find("AdvancedEventSelectors") != nullptr) {
    return fault(properties, path, "EventSelectors and AdvancedEventSelectors exclude each other");
  }
  take_selectors(properties, wanted);
  const Node* tags = properties.find("Tags");
  wanted.set("Tags", tags == nullptr ? Node::map() : TRY(tags_as_map(*tags, joined(path, "Tags"))));
  std::string arn =
      fmt::format("arn:aws:cloudtrail:{}:{}:trail/{}", setting.region, setting.account_id, name);
  return std::unique_ptr<Resource>(new Trail(name, std::move(wanted), std::move(arn)));
}

Attributes Trail::attributes() const {
  return {{"Ref", Node::of_text(name_)}, {"Arn", Node::of_text(arn_)}};
}

Node Trail::named(const char* member) const {
  Node body = Node::map();
  body.set(member, Node::of_text(name_));
  return body;
}

Result<Node> Trail::describe(ServiceClient& client) const {
  const auto call = [&](std::string_view operation, const Node& body) -> Result<Node> {
    const auto answer = TRY(client.call(call_of(operation, body, kCloudTrailPrefix)));
    return node_of(root_of(answer));
  };
  const auto answer = call("GetTrail", named("Name"));
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::kTrailNotFoundException) return Node();
    return answer.error();
  }
  const Node* trail = answer->find("Trail");
  if (trail == nullptr) {
    return Error{ErrorCode::kServiceUnavailableException, "GetTrail: the answer has no Trail"};
  }
  Node node = Node::map();
  for (const Member& member : kSettings) {
    node.set(member.property, member_or(*trail, member.output, absent(member)));
  }
  const Node status = TRY(call("GetTrailStatus", named("Name")));
  node.set("IsLogging", member_or(status, "IsLogging", Node::of_boolean(false)));
  take_selectors(TRY(call("GetEventSelectors", named("TrailName"))), node);
  Node resources = Node::list();
  resources.items.push_back(Node::of_text(arn_));
  Node body = Node::map();
  body.set("ResourceIdList", std::move(resources));
  const Node told = TRY(call("ListTags", body));
  Node tags = Node::map();
  for (const Node& resource : member_or(told, "ResourceTagList", no_items()).items) {
    tags = TRY(tags_as_map(member_or(resource, "TagsList", no_items()), "Tags"));
  }
  node.set("Tags", owned_tags(tags, *wanted_.find("Tags")));
  return node;
}

Result<Decision> Trail::compare(ServiceClient& client) {
  current_ = TRY(describe(client));
  if (!current_.is_map()) return Decision{Action::kCreate, name_, {}, attributes()};
  changes_ = differences(current_, wanted_);
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, texts_of(changes_), attributes()};
}

Result<Attributes> Trail::apply(ServiceClient& client) {
  const bool is_new = !current_.is_map();
  const bool has_default = wanted_.find("EventSelectors") != nullptr &&
                           *wanted_.find("EventSelectors") == default_selectors();
  if (is_new || std::ranges::any_of(kSettings, [&](const Member& member) {
        return differs(changes_, member.property);
      })) {
    TRY(put_settings(client, is_new ? "CreateTrail" : "UpdateTrail"));
  }
  if (is_new ? !has_default
             : differs(changes_, "EventSelectors") || differs(changes_, "AdvancedEventSelectors")) {
    TRY(put_selectors(client));
  }
  if (!is_new) TRY(set_tags(client));
  if (is_new ? wanted_.find("IsLogging")->is_true() : differs(changes_, "IsLogging")) {
    TRY(set_logging(client));
  }
  return attributes();
}

Status Trail::put_settings(ServiceClient& client, std::string_view operation) {
  const bool is_new = operation == "CreateTrail";
  Node body = named("Name");
  for (const Member& member : kSettings) {
    const Node& value = *wanted_.find(member.property);
    if (!is_new || !value.text.empty()) body.set(member.input, value);
  }
  const Node& tags = *wanted_.find("Tags");
  if (is_new && !tags.members.empty()) body.set("TagsList", tags_as_list(tags));
  TRY(client.call(call_of(operation, body, kCloudTrailPrefix)));
  return Done{};
}

Status Trail::put_selectors(ServiceClient& client) {
  Node body = named("TrailName");
  for (const char* name : {"EventSelectors", "AdvancedEventSelectors"}) {
    if (const Node* selectors = wanted_.find(name)) body.set(name, *selectors);
  }
  TRY(client.call(call_of("PutEventSelectors", body, kCloudTrailPrefix)));
  return Done{};
}

Status Trail::set_tags(ServiceClient& client) {
  const Node& wanted = *wanted_.find("Tags");
  Node removed = Node::map();
  for (const NodeMember& tag : current_.find("Tags")->members) {
    if (wanted.find(tag.name) == nullptr) removed.set(tag.name, tag.value);
  }
  Node body = Node::map();
  body.set("ResourceId", Node::of_text(arn_));
  if (!removed.members.empty()) {
    body.set("TagsList", tags_as_list(removed));
    TRY(client.call(call_of("RemoveTags", body, kCloudTrailPrefix)));
  }
  if (wanted.members.empty() || !differs(changes_, "Tags")) return Done{};
  body.set("TagsList", tags_as_list(wanted));
  TRY(client.call(call_of("AddTags", body, kCloudTrailPrefix)));
  return Done{};
}

Status Trail::set_logging(ServiceClient& client) {
  const char* operation = wanted_.find("IsLogging")->is_true() ? "StartLogging" : "StopLogging";
  TRY(client.call(call_of(operation, named("Name"), kCloudTrailPrefix)));
  return Done{};
}

}  // namespace millrace::cli::resources
