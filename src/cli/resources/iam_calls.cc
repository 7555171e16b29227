#include "cli/resources/iam_calls.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/client/answer.h"
#include "cli/resources/policy_document.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

void append_parameters(Parameters& parameters, const std::string& name, const Node& node) {
  for (size_t i = 0; i < node.items.size(); ++i) {
    append_parameters(parameters, fmt::format("{}.member.{}", name, i + 1), node.items[i]);
  }
  for (const NodeMember& member : node.members) {
    append_parameters(parameters, name.empty() ? member.name : name + "." + member.name,
                      member.value);
  }
  if (node.is_scalar()) parameters.emplace_back(name, node.text);
}

// Static for those that there are.
std::string_view operation_of(std::string_view kind, std::string_view user, std::string_view group,
                              std::string_view role) {
  if (kind == "User") return user;
  return kind == "Group" ? group : role;
}

Node named_policy(const Grantee& grantee, const std::string& name) {
  Node body = grantee.body();
  body.set("PolicyName", Node::of_text(name));
  return body;
}

Node managed_policy(const Grantee& grantee, const std::string& arn) {
  Node body = grantee.body();
  body.set("PolicyArn", Node::of_text(arn));
  return body;
}

// For operations whose answer says nothing.
Status change_in_iam(ServiceClient& client, std::string_view operation, const Node& body) {
  TRY(call_iam(client, operation, body));
  return Done{};
}

}  // namespace

Result<Node> call_iam(ServiceClient& client, std::string_view operation, const Node& body) {
  QueryCall call{.operation = operation};
  append_parameters(call.parameters, "", body);
  const auto answer = TRY(client.call_query(call));
  return node_of(root_of(answer));
}

Result<Node> find_in_iam(ServiceClient& client, std::string_view operation, const Node& body) {
  auto answer = call_iam(client, operation, body);
  if (!answer.ok() && answer.error().code == ErrorCode::kNoSuchEntity) return Node();
  return answer;
}

Result<std::vector<Node>> list_in_iam(ServiceClient& client, std::string_view operation, Node body,
                                      std::string_view member) {
  std::vector<Node> items;
  std::string marker;
  do {
    if (!marker.empty()) body.set("Marker", Node::of_text(marker));
    Node answer = TRY(find_in_iam(client, operation, body));
    if (Node* found = answer.find(member)) {
      std::ranges::move(found->items, std::back_inserter(items));
    }
    marker = answer.text_of("Marker");
  } while (!marker.empty());
  return items;
}

Status change_iam_tags(ServiceClient& client, const char* tag_operation,
                       const char* untag_operation, const Node& owner, const Node& from,
                       const Node& to) {
  Node added = Node::map();
  for (const NodeMember& tag : to.members) {
    const Node* old = from.find(tag.name);
    if (old == nullptr || !(*old == tag.value)) added.set(tag.name, tag.value);
  }
  Node removed = Node::list();
  for (const NodeMember& tag : from.members) {
    if (to.find(tag.name) == nullptr) removed.items.push_back(Node::of_text(tag.name));
  }
  if (!removed.items.empty()) {
    Node body = owner;
    body.set("TagKeys", std::move(removed));
    TRY(call_iam(client, untag_operation, body));
  }
  if (!added.members.empty()) {
    Node body = owner;
    body.set("Tags", tags_as_list(added));
    TRY(call_iam(client, tag_operation, body));
  }
  return Done{};
}

Node Grantee::body() const {
  Node body = Node::map();
  body.set(kind + "Name", Node::of_text(name));
  return body;
}

Result<Node> inline_policies(ServiceClient& client, const Grantee& grantee) {
  Node policies = Node::map();
  const auto operation =
      operation_of(grantee.kind, "ListUserPolicies", "ListGroupPolicies", "ListRolePolicies");
  for (const Node& name : TRY(list_in_iam(client, operation, grantee.body(), "PolicyNames"))) {
    policies.set(name.text, TRY(inline_policy(client, grantee, name.text)));
  }
  return policies;
}

Result<Node> inline_policy(ServiceClient& client, const Grantee& grantee, const std::string& name) {
  const Node answer = TRY(find_in_iam(
      client, operation_of(grantee.kind, "GetUserPolicy", "GetGroupPolicy", "GetRolePolicy"),
      named_policy(grantee, name)));
  return current_document(auth::uri_decode(answer.text_of("PolicyDocument")),
                          policy::DocumentKind::kIdentity);
}

Status put_inline_policy(ServiceClient& client, const Grantee& grantee, const std::string& name,
                         const Node& document) {
  Node body = named_policy(grantee, name);
  body.set("PolicyDocument", Node::of_text(to_json(document)));
  return change_in_iam(
      client, operation_of(grantee.kind, "PutUserPolicy", "PutGroupPolicy", "PutRolePolicy"), body);
}

Status delete_inline_policy(ServiceClient& client, const Grantee& grantee,
                            const std::string& name) {
  return change_in_iam(
      client,
      operation_of(grantee.kind, "DeleteUserPolicy", "DeleteGroupPolicy", "DeleteRolePolicy"),
      named_policy(grantee, name));
}

Result<Node> attached_policies(ServiceClient& client, const Grantee& grantee) {
  Node arns = Node::list();
  const auto operation = operation_of(grantee.kind, "ListAttachedUserPolicies",
                                      "ListAttachedGroupPolicies", "ListAttachedRolePolicies");
  for (const Node& policy :
       TRY(list_in_iam(client, operation, grantee.body(), "AttachedPolicies"))) {
    arns.items.push_back(Node::of_text(policy.text_of("PolicyArn")));
  }
  return sorted_texts(std::move(arns));
}

Status attach_policy(ServiceClient& client, const Grantee& grantee, const std::string& arn) {
  return change_in_iam(
      client,
      operation_of(grantee.kind, "AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy"),
      managed_policy(grantee, arn));
}

Status detach_policy(ServiceClient& client, const Grantee& grantee, const std::string& arn) {
  return change_in_iam(
      client,
      operation_of(grantee.kind, "DetachUserPolicy", "DetachGroupPolicy", "DetachRolePolicy"),
      managed_policy(grantee, arn));
}

std::string iam_arn(const Setting& setting, std::string_view type, std::string_view path,
                    std::string_view name) {
  return fmt::format("arn:aws:iam::{}:{}{}{}", setting.account_id, type, path, name);
}

Node sorted_texts(Node list) {
  const auto order = [](const Node& node) { return std::tie(node.kind, node.text); };
  const auto same = [&](const Node& a, const Node& b) { return order(a) == order(b); };
  std::ranges::sort(list.items, {}, order);
  list.items.erase(std::unique(list.items.begin(), list.items.end(), same), list.items.end());
  return list;
}

bool has_text(const Node& list, std::string_view text) {
  return std::ranges::find(list.items, text, &Node::text) != list.items.end();
}

}  // namespace millrace::cli::resources
