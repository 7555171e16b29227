// The part of FakeServices that is CloudTrail and its log groups.
#include "cli/resources/fake_services_testing.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

FakeServices::Answer FakeServices::answer_trail(const std::string& operation, const Node& input) {
  Node body = Node::map();
  if (operation == "ListTags") {
    const std::string arn = input.find("ResourceIdList")->items.front().text;
    Node resource = Node::map();
    resource.set("TagsList", tags_as_list(tags_[arn].is_map() ? tags_[arn] : Node::map()));
    body.set("ResourceTagList", Node::list()).items.push_back(resource);
    return {200, body};
  }
  if (operation == "AddTags" || operation == "RemoveTags") {
    changed(operation, "", input);
    Node& tags = tags_[input.text_of("ResourceId")];
    if (!tags.is_map()) tags = Node::map();
    const Node given = *tags_as_map(*input.find("TagsList"), "");
    for (const NodeMember& tag : given.members) {
      operation == "AddTags" ? void(tags.set(tag.name, tag.value)) : tags.erase(tag.name);
    }
    return {};
  }
  std::string name = input.text_of("Name");
  if (name.empty()) name = input.text_of("TrailName");
  if (operation != "CreateTrail" && !kept_.contains({"trail", name})) {
    return {400, body, "TrailNotFoundException"};
  }
  Node& trail = kept_[{"trail", name}];
  if (operation == "GetTrail") body.set("Trail", trail);
  if (operation.starts_with("Get")) return {200, operation == "GetTrail" ? body : trail};
  changed(operation, name, input);
  if (operation == "CreateTrail") {
    trail = Node::map();
    if (const Node* tags = input.find("TagsList")) {
      tags_["arn:aws:cloudtrail:r:123456789012:trail/" + name] = *tags_as_map(*tags, "");
    }
  }
  if (operation == "PutEventSelectors") {
    trail.erase("EventSelectors");
    trail.erase("AdvancedEventSelectors");
  }
  overlay(trail, input);
  if (const Node* validates = input.find("EnableLogFileValidation")) {
    trail.set("LogFileValidationEnabled", *validates);
  }
  if (operation == "StartLogging" || operation == "StopLogging") {
    trail.set("IsLogging", Node::of_boolean(operation == "StartLogging"));
  }
  return {200, trail};
}

// A statement for each id.
FakeServices::Answer FakeServices::answer_permission(const std::string& method,
                                                     const std::string& function,
                                                     const std::string& id, const Node& input) {
  const std::string kind = "statement of " + function;
  if (method == "POST") {
    changed("AddPermission", input.text_of("StatementId"), input);
    Node statement = Node::map();
    statement.set("Sid", *input.find("StatementId"));
    statement.set("Action", *input.find("Action"));
    Node principal = Node::map();
    principal.set("Service", *input.find("Principal"));
    statement.set("Principal", principal);
    if (const Node* arn = input.find("SourceArn")) {
      Node condition = Node::map();
      condition.set("AWS:SourceArn", *arn);
      statement.set("Condition", Node::map()).set("ArnLike", condition);
    }
    kept_[{kind, statement.text_of("Sid")}] = statement;
    return {201};
  }
  if (method == "DELETE") {
    changed("RemovePermission", id, input);
    kept_.erase({kind, id});
    return {204};
  }
  Node statements = Node::list();
  for (const auto& [key, statement] : kept_) {
    if (key.first == kind) statements.items.push_back(statement);
  }
  if (statements.items.empty()) return find("statement", id);
  Node policy = Node::map();
  policy.set("Statement", statements);
  Node body = Node::map();
  body.set("Policy", Node::of_text(to_json(policy)));
  return {200, body};
}

FakeServices::Answer FakeServices::answer_logs(const std::string& operation, const Node& input) {
  Node body = Node::map();
  if (operation == "FilterLogEvents") {
    const auto found = events_.find(input.text_of("logGroupName"));
    if (found == events_.end()) return find("group", input.text_of("logGroupName"));
    Node events = Node::list();
    // Two a page.
    const std::string token = input.text_of("nextToken");
    size_t index = token.empty() ? 0 : std::stoul(token);
    for (; index < found->second.size() && events.items.size() < 2; ++index) {
      const LogEvent& event = found->second[index];
      if (event.milliseconds < std::stoll(input.text_of("startTime"))) continue;
      Node node = Node::map();
      node.set("timestamp", Node::of_integer(event.milliseconds));
      node.set("eventId", Node::of_text(event.id));
      node.set("message", Node::of_text(event.message));
      node.set("logStreamName", Node::of_text("s"));
      events.items.push_back(node);
    }
    body.set("events", events);
    if (index < found->second.size()) body.set("nextToken", Node::of_text(std::to_string(index)));
    return {200, body};
  }
  const std::string name = input.text_of("logGroupName");
  if (operation == "DescribeLogGroups") {
    Node groups = Node::list();
    for (const auto& [key, node] : kept_) {
      if (key.first == "group") groups.items.push_back(node);
    }
    body.set("logGroups", groups);
    return {200, body};
  }
  changed(operation, name, input);
  Node& group = kept_[{"group", name}];
  if (operation == "CreateLogGroup") group = Node::map();
  group.set("logGroupName", Node::of_text(name));
  if (operation == "PutRetentionPolicy") {
    group.set("retentionInDays", *input.find("retentionInDays"));
  } else if (operation == "DeleteRetentionPolicy") {
    group.erase("retentionInDays");
  }
  return {};
}

}  // namespace millrace::cli::resources
