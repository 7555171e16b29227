#include "cli/resources/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/await.h"
#include "cli/resources/policy_document.h"
#include "cli/resources/shape.h"
#include "cli/resources/table_state.h"

namespace millrace::cli::resources {

namespace {

Node named(const std::string& name, const std::string& value) {
  Node node = Node::map();
  node.set(name, Node::of_text(value));
  return node;
}

Result<Node> read_tags(ServiceClient& client, const std::string& arn) {
  Node tags = Node::map();
  std::string next;
  do {
    Node body = named("ResourceArn", arn);
    if (!next.empty()) body.set("NextToken", Node::of_text(next));
    const auto answer = TRY(client.call(call_of("ListTagsOfResource", body)));
    const json::Object root = root_of(answer);
    for (const json::Object tag : objects_of(root, "Tags")) {
      tags.set(text_of(tag, "Key"), Node::of_text(text_of(tag, "Value")));
    }
    next = text_of(root, "NextToken");
  } while (!next.empty());
  return tags;
}

// The canonical document; null when there is none, or the server has no policies.
Result<Node> read_policy(ServiceClient& client, const std::string& arn) {
  const auto answer = client.call(call_of("GetResourcePolicy", named("ResourceArn", arn)));
  if (answer.ok()) {
    return current_document(text_of(root_of(*answer), "Policy"), policy::DocumentKind::kResource);
  }
  const ErrorCode code = answer.error().code;
  if (code == ErrorCode::kPolicyNotFoundException ||
      code == ErrorCode::kUnknownOperationException) {
    return Node();
  }
  return answer.error();
}

// What makes a difference in an index but its throughput.
bool is_same_index(const Node& left, const Node& right) {
  return *left.find("KeySchema") == *right.find("KeySchema") &&
         *left.find("Projection") == *right.find("Projection");
}

bool is_active(const Node& table) {
  if (table.text_of("TableStatus") != "ACTIVE") return false;
  const Node* indexes = table.find("GlobalSecondaryIndexes");
  return indexes == nullptr || std::ranges::all_of(indexes->items, [](const Node& index) {
           return index.text_of("IndexStatus") == "ACTIVE";
         });
}

Node update_of(const char* action, Node index) {
  Node update = Node::map();
  update.set(action, std::move(index));
  return update;
}

Node stream_specification(const Node* view_type) {
  Node specification = Node::map();
  specification.set("StreamEnabled", Node::of_boolean(view_type != nullptr));
  if (view_type != nullptr) specification.set("StreamViewType", *view_type);
  return specification;
}

}  // namespace

Result<std::unique_ptr<Resource>> Table::make(const Declaration& declaration,
                                              const Setting& setting) {
  Node wanted = TRY(table_of_properties(declaration.properties, declaration.path));
  const std::string name = TRY(name_of(declaration, setting, "TableName"));
  std::string arn =
      fmt::format("arn:aws:dynamodb:{}:{}:table/{}", setting.region, setting.account_id, name);
  return std::unique_ptr<Resource>(
      new Table(name, std::move(wanted), std::move(arn), declaration.properties));
}

Attributes Table::attributes() const {
  Attributes attributes = {{"Ref", Node::of_text(name_)}, {"Arn", Node::of_text(arn_)}};
  if (wanted_.find("StreamViewType") == nullptr) return attributes;
  const bool is_known = current_.is_map() && !differs(changes_, "StreamViewType");
  attributes.insert_or_assign(
      "StreamArn", is_known ? Node::of_text(stream_arn_) : Node::unknown("the stream of " + name_));
  return attributes;
}

Result<Node> Table::describe(ServiceClient& client) const {
  const auto answer = client.call(call_of("DescribeTable", named("TableName", name_)));
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::kResourceNotFoundException) return Node();
    return answer.error();
  }
  const auto table = find_object(root_of(*answer), "Table");
  if (!table) {
    return Error{ErrorCode::kServiceUnavailableException, "DescribeTable: the answer has no Table"};
  }
  return node_of(*table);
}

Result<Decision> Table::compare(ServiceClient& client) {
  const Node table = TRY(describe(client));
  if (!table.is_map()) return Decision{Action::kCreate, name_, {}, attributes()};
  arn_ = table.text_of("TableArn");
  stream_arn_ = table.text_of("LatestStreamArn");
  const auto answer = TRY(client.call(call_of("DescribeTimeToLive", named("TableName", name_))));
  const auto expiry = find_object(root_of(answer), "TimeToLiveDescription");
  current_ = table_of_description(table, expiry ? node_of(*expiry) : Node::map(),
                                  owned_tags(TRY(read_tags(client, arn_)), *wanted_.find("Tags")));
  const Node policy = TRY(read_policy(client, arn_));
  if (policy.is_map()) current_.set("ResourcePolicy", policy);
  if (current_.find("StreamViewType") != nullptr) {
    const Node stream_policy = TRY(read_policy(client, stream_arn_));
    if (stream_policy.is_map()) current_.set("StreamResourcePolicy", stream_policy);
  }
  Node current = current_;
  Node wanted = wanted_;
  // They come and go with the indexes that use them.
  current.erase("AttributeTypes");
  wanted.erase("AttributeTypes");
  changes_ = differences(current, wanted);
  TRY(check_replacement());
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, texts_of(changes_), attributes()};
}

Status Table::check_replacement() const {
  auto refuse = [&](const std::string& text) {
    return fault(properties_, "table " + name_,
                 text + " needs a new table: give it another TableName, or delete this one");
  };
  for (const Difference& change : changes_) {
    if (change.property == "KeySchema" || change.property == "LocalSecondaryIndexes") {
      return refuse(change.text);
    }
  }
  const Node& types = *current_.find("AttributeTypes");
  for (const NodeMember& type : wanted_.find("AttributeTypes")->members) {
    const Node* old = types.find(type.name);
    if (old != nullptr && !(*old == type.value)) {
      return refuse(fmt::format("the type of {}: {} → {}", type.name, old->text, type.value.text));
    }
  }
  const Node& indexes = *current_.find("GlobalSecondaryIndexes");
  for (const NodeMember& index : wanted_.find("GlobalSecondaryIndexes")->members) {
    const Node* old = indexes.find(index.name);
    if (old == nullptr || is_same_index(*old, index.value)) continue;
    return fault(properties_, "table " + name_,
                 fmt::format("keys or projection of the index {} cannot be changed: give the index "
                             "another name",
                             index.name));
  }
  return Done{};
}

Result<Attributes> Table::apply(ServiceClient& client) {
  if (!current_.is_map()) {
    TRY(create(client));
  } else {
    TRY(update_throughput(client));
    TRY(update_stream(client));
    TRY(update_indexes(client));
    for (const char* name : {"TableClass", "DeletionProtectionEnabled"}) {
      if (!differs(changes_, name)) continue;
      Node body = new_body();
      body.set(name, *wanted_.find(name));
      TRY(update(client, body));
    }
    TRY(set_tags(client));
  }
  TRY(set_time_to_live(client));
  TRY(take_description(client));
  TRY(set_policies(client));
  Attributes made = attributes();
  if (made.contains("StreamArn")) made.insert_or_assign("StreamArn", Node::of_text(stream_arn_));
  return made;
}

Status Table::take_description(ServiceClient& client) {
  const Node table = TRY(describe(client));
  arn_ = table.text_of("TableArn");
  stream_arn_ = table.text_of("LatestStreamArn");
  return Done{};
}

Node Table::new_body() const {
  return named("TableName", name_);
}

Status Table::create(ServiceClient& client) {
  Node body = new_body();
  for (const char* name : {"KeySchema", "BillingMode", "TableClass", "DeletionProtectionEnabled"}) {
    body.set(name, *wanted_.find(name));
  }
  body.set("AttributeDefinitions", attribute_definitions_of(wanted_));
  if (const Node* capacity = wanted_.find("ProvisionedThroughput")) {
    body.set("ProvisionedThroughput", *capacity);
  }
  for (const char* name : {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}) {
    Node indexes = Node::list();
    for (const NodeMember& index : wanted_.find(name)->members) {
      indexes.items.push_back(index_of(index));
    }
    if (!indexes.items.empty()) body.set(name, std::move(indexes));
  }
  if (const Node* view_type = wanted_.find("StreamViewType")) {
    body.set("StreamSpecification", stream_specification(view_type));
  }
  const Node& tags = *wanted_.find("Tags");
  if (!tags.members.empty()) body.set("Tags", tags_as_list(tags));
  if (const Node* policy = wanted_.find("ResourcePolicy")) {
    body.set("ResourcePolicy", Node::of_text(to_json(*policy)));
  }
  TRY(client.call(call_of("CreateTable", body)));
  return await_active(client);
}

Status Table::update(ServiceClient& client, const Node& body) {
  TRY(client.call(call_of("UpdateTable", body)));
  return await_active(client);
}

Status Table::update_throughput(ServiceClient& client) {
  Node body = new_body();
  if (differs(changes_, "BillingMode")) body.set("BillingMode", *wanted_.find("BillingMode"));
  const Node* capacity = wanted_.find("ProvisionedThroughput");
  if (capacity != nullptr && differs(changes_, "ProvisionedThroughput")) {
    body.set("ProvisionedThroughput", *capacity);
  }
  Node updates = Node::list();
  const Node& old_indexes = *current_.find("GlobalSecondaryIndexes");
  for (const NodeMember& index : wanted_.find("GlobalSecondaryIndexes")->members) {
    const Node* old = old_indexes.find(index.name);
    const Node* wanted = index.value.find("ProvisionedThroughput");
    if (old == nullptr || wanted == nullptr) continue;
    const Node* had = old->find("ProvisionedThroughput");
    if (had != nullptr && *had == *wanted) continue;
    Node change = named("IndexName", index.name);
    change.set("ProvisionedThroughput", *wanted);
    updates.items.push_back(update_of("Update", std::move(change)));
  }
  if (!updates.items.empty()) body.set("GlobalSecondaryIndexUpdates", std::move(updates));
  return body.members.size() == 1 ? Status(Done{}) : update(client, body);
}

Status Table::update_stream(ServiceClient& client) {
  if (!differs(changes_, "StreamViewType")) return Done{};
  // The view of a stream cannot be changed: it ends, and another begins.
  if (current_.find("StreamViewType") != nullptr) {
    Node body = new_body();
    body.set("StreamSpecification", stream_specification(nullptr));
    TRY(update(client, body));
  }
  const Node* view_type = wanted_.find("StreamViewType");
  if (view_type == nullptr) return Done{};
  Node body = new_body();
  body.set("StreamSpecification", stream_specification(view_type));
  return update(client, body);
}

Status Table::update_indexes(ServiceClient& client) {
  const Node& wanted = *wanted_.find("GlobalSecondaryIndexes");
  const Node& current = *current_.find("GlobalSecondaryIndexes");
  // One call makes or deletes one index.
  for (const NodeMember& index : current.members) {
    if (wanted.find(index.name) != nullptr) continue;
    Node updates = Node::list();
    updates.items.push_back(update_of("Delete", named("IndexName", index.name)));
    Node body = new_body();
    body.set("GlobalSecondaryIndexUpdates", std::move(updates));
    TRY(update(client, body));
  }
  for (const NodeMember& index : wanted.members) {
    if (current.find(index.name) != nullptr) continue;
    Node updates = Node::list();
    updates.items.push_back(update_of("Create", index_of(index)));
    Node body = new_body();
    body.set("AttributeDefinitions", attribute_definitions_of(wanted_));
    body.set("GlobalSecondaryIndexUpdates", std::move(updates));
    TRY(update(client, body));
  }
  return Done{};
}

Status Table::set_time_to_live(ServiceClient& client) {
  const Node* wanted = wanted_.find("TimeToLive");
  const Node* current = current_.is_map() ? current_.find("TimeToLive") : nullptr;
  auto set = [&](const Node& attribute, bool enabled) -> Status {
    Node specification = Node::map();
    specification.set("AttributeName", attribute);
    specification.set("Enabled", Node::of_boolean(enabled));
    Node body = new_body();
    body.set("TimeToLiveSpecification", std::move(specification));
    TRY(client.call(call_of("UpdateTimeToLive", body)));
    return Done{};
  };
  if (wanted != nullptr && current != nullptr && *wanted == *current) return Done{};
  if (current != nullptr) TRY(set(*current, false));
  return wanted == nullptr ? Status(Done{}) : set(*wanted, true);
}

Status Table::set_tags(ServiceClient& client) {
  const Node& wanted = *wanted_.find("Tags");
  const Node& current = *current_.find("Tags");
  Node removed = Node::list();
  for (const NodeMember& tag : current.members) {
    if (wanted.find(tag.name) == nullptr) removed.items.push_back(Node::of_text(tag.name));
  }
  if (!removed.items.empty()) {
    Node body = named("ResourceArn", arn_);
    body.set("TagKeys", std::move(removed));
    TRY(client.call(call_of("UntagResource", body)));
  }
  if (wanted.members.empty() || !differs(changes_, "Tags")) return Done{};
  Node body = named("ResourceArn", arn_);
  body.set("Tags", tags_as_list(wanted));
  TRY(client.call(call_of("TagResource", body)));
  return Done{};
}

// Of a table that is there, and of its stream.
Status Table::set_policies(ServiceClient& client) {
  const bool is_new = !current_.is_map();
  if (!is_new && differs(changes_, "ResourcePolicy")) {
    TRY(set_policy(client, arn_, wanted_.find("ResourcePolicy")));
  }
  if (wanted_.find("StreamViewType") == nullptr) return Done{};
  const Node* policy = wanted_.find("StreamResourcePolicy");
  // Another stream begins without one.
  const bool has_new_stream = is_new || differs(changes_, "StreamViewType");
  const bool is_to_set =
      has_new_stream ? policy != nullptr : differs(changes_, "StreamResourcePolicy");
  return is_to_set ? set_policy(client, stream_arn_, policy) : Status(Done{});
}

Status Table::set_policy(ServiceClient& client, const std::string& arn,
                         const Node* document) const {
  Node body = named("ResourceArn", arn);
  if (document != nullptr) body.set("Policy", Node::of_text(to_json(*document)));
  TRY(client.call(
      call_of(document != nullptr ? "PutResourcePolicy" : "DeleteResourcePolicy", body)));
  return Done{};
}

Status Table::await_active(ServiceClient& client) {
  return await("table " + name_ + " to be active", [&]() -> Result<bool> {
    const Node table = TRY(describe(client));
    return table.is_map() && is_active(table);
  });
}

}  // namespace millrace::cli::resources
