#include "cli/resources/table_state.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/resources/policy_document.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr Property kAttributeProperties[] = {{"AttributeName", &kText, Need::kRequired},
                                             {"AttributeType", &kText, Need::kRequired}};
constexpr Shape kAttribute = structure(kAttributeProperties);
constexpr Shape kAttributes = list_of(kAttribute);
constexpr Property kKeyProperties[] = {{"AttributeName", &kText, Need::kRequired},
                                       {"KeyType", &kText, Need::kRequired}};
constexpr Shape kKey = structure(kKeyProperties);
constexpr Shape kKeySchema = list_of(kKey);
constexpr Property kThroughputProperties[] = {{"ReadCapacityUnits", &kInteger, Need::kRequired},
                                              {"WriteCapacityUnits", &kInteger, Need::kRequired}};
constexpr Shape kThroughput = structure(kThroughputProperties);
constexpr Property kProjectionProperties[] = {{"ProjectionType", &kText},
                                              {"NonKeyAttributes", &kTexts}};
constexpr Shape kProjection = structure(kProjectionProperties);
constexpr Property kGlobalIndexProperties[] = {
    {"ContributorInsightsSpecification", nullptr},
    {"IndexName", &kText, Need::kRequired},
    {"KeySchema", &kKeySchema, Need::kRequired},
    {"OnDemandThroughput", nullptr},
    {"Projection", &kProjection, Need::kRequired},
    {"ProvisionedThroughput", &kThroughput},
    {"WarmThroughput", nullptr},
};
constexpr Shape kGlobalIndex = structure(kGlobalIndexProperties);
constexpr Shape kGlobalIndexes = list_of(kGlobalIndex);
constexpr Property kLocalIndexProperties[] = {{"IndexName", &kText, Need::kRequired},
                                              {"KeySchema", &kKeySchema, Need::kRequired},
                                              {"Projection", &kProjection, Need::kRequired}};
constexpr Shape kLocalIndex = structure(kLocalIndexProperties);
constexpr Shape kLocalIndexes = list_of(kLocalIndex);
constexpr Property kResourcePolicyProperties[] = {{"PolicyDocument", &kDocument, Need::kRequired}};
constexpr Shape kResourcePolicy = structure(kResourcePolicyProperties);
constexpr Property kStreamProperties[] = {{"StreamViewType", &kText, Need::kRequired},
                                          {"ResourcePolicy", &kResourcePolicy}};
constexpr Shape kStream = structure(kStreamProperties);
constexpr Property kTimeToLiveProperties[] = {{"AttributeName", &kText},
                                              {"Enabled", &kBoolean, Need::kRequired}};
constexpr Shape kTimeToLive = structure(kTimeToLiveProperties);
constexpr Property kTableProperties[] = {
    {"AttributeDefinitions", &kAttributes, Need::kRequired},
    {"BillingMode", &kText},
    {"ContributorInsightsSpecification", nullptr},
    {"DeletionProtectionEnabled", &kBoolean},
    {"GlobalSecondaryIndexes", &kGlobalIndexes},
    {"ImportSourceSpecification", nullptr},
    {"KeySchema", &kKeySchema, Need::kRequired},
    {"KinesisStreamSpecification", nullptr},
    {"LocalSecondaryIndexes", &kLocalIndexes},
    {"OnDemandThroughput", nullptr},
    {"PointInTimeRecoverySpecification", nullptr},
    {"ProvisionedThroughput", &kThroughput},
    {"ResourcePolicy", &kResourcePolicy},
    {"SSESpecification", nullptr},
    {"StreamSpecification", &kStream},
    {"TableClass", &kText},
    {"TableName", &kText},
    {"Tags", &kTags},
    {"TimeToLiveSpecification", &kTimeToLive},
    {"WarmThroughput", nullptr},
};
constexpr Shape kTable = structure(kTableProperties);

Node only(const Node& from, std::initializer_list<const char*> names) {
  Node node = Node::map();
  for (const char* name : names) {
    if (const Node* value = from.find(name)) node.set(name, *value);
  }
  return node;
}

Node key_schema(const Node* keys) {
  Node list = Node::list();
  if (keys == nullptr) return list;
  for (const Node& key : keys->items) {
    list.items.push_back(only(key, {"AttributeName", "KeyType"}));
  }
  std::ranges::stable_sort(list.items, {},
                           [](const Node& key) { return key.text_of("KeyType") != "HASH"; });
  return list;
}

Node projection(const Node* from) {
  Node node = Node::map();
  if (from == nullptr) return node;
  const std::string type = from->text_of("ProjectionType");
  node.set("ProjectionType", Node::of_text(type.empty() ? "ALL" : type));
  if (const Node* names = from->find("NonKeyAttributes")) {
    Node sorted = *names;
    std::ranges::sort(sorted.items, {}, &Node::text);
    if (!sorted.items.empty()) node.set("NonKeyAttributes", std::move(sorted));
  }
  return node;
}

Node throughput(const Node* from) {
  return from == nullptr ? Node() : only(*from, {"ReadCapacityUnits", "WriteCapacityUnits"});
}

Node indexes(const Node* from, bool is_provisioned) {
  Node node = Node::map();
  if (from == nullptr) return node;
  for (const Node& index : from->items) {
    Node value = Node::map();
    value.set("KeySchema", key_schema(index.find("KeySchema")));
    value.set("Projection", projection(index.find("Projection")));
    const Node* capacity = index.find("ProvisionedThroughput");
    if (is_provisioned && capacity != nullptr) {
      value.set("ProvisionedThroughput", throughput(capacity));
    }
    node.set(index.text_of("IndexName"), std::move(value));
  }
  return node;
}

Node attribute_types(const Node* definitions) {
  Node node = Node::map();
  if (definitions == nullptr) return node;
  for (const Node& definition : definitions->items) {
    node.set(definition.text_of("AttributeName"), *definition.find("AttributeType"));
  }
  return node;
}

// What both forms have in the same members.
Node common(const Node& from, const std::string& billing_mode) {
  const bool is_provisioned = billing_mode == "PROVISIONED";
  Node table = Node::map();
  table.set("KeySchema", key_schema(from.find("KeySchema")));
  table.set("AttributeTypes", attribute_types(from.find("AttributeDefinitions")));
  table.set("BillingMode", Node::of_text(billing_mode));
  if (is_provisioned) {
    table.set("ProvisionedThroughput", throughput(from.find("ProvisionedThroughput")));
  }
  table.set("GlobalSecondaryIndexes", indexes(from.find("GlobalSecondaryIndexes"), is_provisioned));
  table.set("LocalSecondaryIndexes", indexes(from.find("LocalSecondaryIndexes"), false));
  const Node* is_protected = from.find("DeletionProtectionEnabled");
  table.set("DeletionProtectionEnabled",
            is_protected == nullptr ? Node::of_boolean(false) : *is_protected);
  return table;
}

Status check_throughput(const Node& properties, const std::string& billing_mode,
                        const std::string& path) {
  if (billing_mode != "PROVISIONED" && billing_mode != "PAY_PER_REQUEST") {
    return fault(*properties.find("BillingMode"), joined(path, "BillingMode"),
                 "takes PROVISIONED or PAY_PER_REQUEST");
  }
  const Node* capacity = properties.find("ProvisionedThroughput");
  const bool is_provisioned = billing_mode == "PROVISIONED";
  if (is_provisioned && capacity == nullptr) {
    return fault(properties, path,
                 "ProvisionedThroughput is missing; without it say BillingMode: PAY_PER_REQUEST");
  }
  if (!is_provisioned && capacity != nullptr) {
    return fault(*capacity, joined(path, "ProvisionedThroughput"),
                 "is not for BillingMode PAY_PER_REQUEST");
  }
  return Done{};
}

// The ResourcePolicy of `owner`, a table's properties or a StreamSpecification, as that member.
Status take_policy(const Node& owner, const std::string& path, const char* member, Node& table) {
  const Node* policy = owner.find("ResourcePolicy");
  if (policy == nullptr) return Done{};
  const Node* document = policy->is_map() ? policy->find("PolicyDocument") : policy;
  table.set(member, TRY(declared_document(*document, policy::DocumentKind::kResource,
                                          joined(path, "ResourcePolicy.PolicyDocument"))));
  return Done{};
}

}  // namespace

Result<Node> table_of_properties(const Node& from, const std::string& path) {
  const Node properties = TRY(shaped(from, kTable, path));
  std::string billing_mode = properties.text_of("BillingMode");
  if (billing_mode.empty()) billing_mode = "PROVISIONED";
  TRY(check_throughput(properties, billing_mode, path));
  Node table = common(properties, billing_mode);
  const Node* stream = properties.find("StreamSpecification");
  if (stream != nullptr && stream->is_map()) {
    table.set("StreamViewType", *stream->find("StreamViewType"));
    TRY(take_policy(*stream, joined(path, "StreamSpecification"), "StreamResourcePolicy", table));
  }
  TRY(take_policy(properties, path, "ResourcePolicy", table));
  const std::string table_class = properties.text_of("TableClass");
  table.set("TableClass", Node::of_text(table_class.empty() ? "STANDARD" : table_class));
  const Node* expiry = properties.find("TimeToLiveSpecification");
  if (expiry != nullptr && expiry->is_map() && expiry->find("Enabled")->is_true()) {
    const Node* attribute = expiry->find("AttributeName");
    if (attribute == nullptr) {
      return fault(*expiry, joined(path, "TimeToLiveSpecification"), "AttributeName is missing");
    }
    table.set("TimeToLive", *attribute);
  }
  const Node* tags = properties.find("Tags");
  table.set("Tags", tags == nullptr ? Node::map() : TRY(tags_as_map(*tags, joined(path, "Tags"))));
  return table;
}

Node table_of_description(const Node& from, const Node& time_to_live, Node tags) {
  const Node* billing = from.find("BillingModeSummary");
  const std::string mode = billing == nullptr ? "" : billing->text_of("BillingMode");
  Node table = common(from, mode.empty() ? "PROVISIONED" : mode);
  const Node* stream = from.find("StreamSpecification");
  if (stream != nullptr && stream->find("StreamEnabled") != nullptr &&
      stream->find("StreamEnabled")->is_true()) {
    table.set("StreamViewType", *stream->find("StreamViewType"));
  }
  const Node* summary = from.find("TableClassSummary");
  const std::string table_class = summary == nullptr ? "" : summary->text_of("TableClass");
  table.set("TableClass", Node::of_text(table_class.empty() ? "STANDARD" : table_class));
  const std::string status = time_to_live.text_of("TimeToLiveStatus");
  if (status == "ENABLED" || status == "ENABLING") {
    table.set("TimeToLive", *time_to_live.find("AttributeName"));
  }
  table.set("Tags", std::move(tags));
  return table;
}

Node attribute_definitions_of(const Node& table) {
  Node list = Node::list();
  for (const NodeMember& type : table.find("AttributeTypes")->members) {
    Node definition = Node::map();
    definition.set("AttributeName", Node::of_text(type.name));
    definition.set("AttributeType", type.value);
    list.items.push_back(std::move(definition));
  }
  return list;
}

Node index_of(const NodeMember& index) {
  Node node = Node::map();
  node.set("IndexName", Node::of_text(index.name));
  for (const NodeMember& member : index.value.members) node.set(member.name, member.value);
  return node;
}

}  // namespace millrace::cli::resources
