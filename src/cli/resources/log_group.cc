#include "cli/resources/log_group.h"

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr Property kLogGroupProperties[] = {
    {"DataProtectionPolicy", nullptr},
    {"FieldIndexPolicies", nullptr},
    {"KmsKeyId", nullptr},
    {"LogGroupClass", nullptr},
    {"LogGroupName", &kText},
    {"RetentionInDays", &kInteger},
    {"Tags", nullptr},
};
constexpr Shape kLogGroup = structure(kLogGroupProperties);

}  // namespace

Result<std::unique_ptr<Resource>> LogGroup::make(const Declaration& declaration,
                                                 const Setting& setting) {
  const Node properties = TRY(shaped(declaration.properties, kLogGroup, declaration.path));
  const std::string name = TRY(name_of(declaration, setting, "LogGroupName"));
  Node wanted = Node::map();
  if (const Node* days = properties.find("RetentionInDays")) wanted.set("RetentionInDays", *days);
  std::string arn =
      fmt::format("arn:aws:logs:{}:{}:log-group:{}:*", setting.region, setting.account_id, name);
  return std::unique_ptr<Resource>(new LogGroup(name, std::move(wanted), std::move(arn)));
}

Attributes LogGroup::attributes() const {
  return {{"Ref", Node::of_text(name_)}, {"Arn", Node::of_text(arn_)}};
}

Result<Node> LogGroup::find_current(ServiceClient& client) const {
  std::string next;
  do {
    Node body = Node::map();
    body.set("logGroupNamePrefix", Node::of_text(name_));
    if (!next.empty()) body.set("nextToken", Node::of_text(next));
    const auto answer = TRY(client.call(call_of("DescribeLogGroups", body, kLogsPrefix)));
    const json::Object root = root_of(answer);
    for (const json::Object group : objects_of(root, "logGroups")) {
      if (text_of(group, "logGroupName") == name_) return node_of(group);
    }
    next = text_of(root, "nextToken");
  } while (!next.empty());
  return Node();
}

Result<Decision> LogGroup::compare(ServiceClient& client) {
  const Node group = TRY(find_current(client));
  exists_ = group.is_map();
  Node current = Node::map();
  if (exists_) {
    if (const Node* days = group.find("retentionInDays")) current.set("RetentionInDays", *days);
  }
  changes_ = differences(current, wanted_);
  if (!exists_) return Decision{Action::kCreate, name_, {}, attributes()};
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, texts_of(changes_), attributes()};
}

Result<Attributes> LogGroup::apply(ServiceClient& client) {
  Node body = Node::map();
  body.set("logGroupName", Node::of_text(name_));
  if (!exists_) TRY(client.call(call_of("CreateLogGroup", body, kLogsPrefix)));
  if (!changes_.empty()) {
    const Node* days = wanted_.find("RetentionInDays");
    if (days != nullptr) body.set("retentionInDays", *days);
    TRY(client.call(call_of(days != nullptr ? "PutRetentionPolicy" : "DeleteRetentionPolicy", body,
                            kLogsPrefix)));
  }
  return attributes();
}

}  // namespace millrace::cli::resources
