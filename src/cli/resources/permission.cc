#include "cli/resources/permission.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/client/answer.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr Property kPermissionProperties[] = {
    {"Action", &kText, Need::kRequired},
    {"EventSourceToken", &kText},
    {"FunctionName", &kText, Need::kRequired},
    {"FunctionUrlAuthType", &kText},
    {"InvokedViaFunctionUrl", &kBoolean},
    {"Principal", &kText, Need::kRequired},
    {"PrincipalOrgID", &kText},
    {"SourceAccount", &kText},
    {"SourceArn", &kText},
};
constexpr Shape kPermission = structure(kPermissionProperties);

// The condition that a property becomes.
struct ConditionKey {
  std::string_view key;
  const char* property;
};
constexpr auto kConditionKeys = std::to_array<ConditionKey>({
    {"AWS:SourceAccount", "SourceAccount"},
    {"AWS:SourceArn", "SourceArn"},
    {"aws:PrincipalOrgID", "PrincipalOrgID"},
    {"lambda:EventSourceToken", "EventSourceToken"},
    {"lambda:FunctionUrlAuthType", "FunctionUrlAuthType"},
    {"lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl"},
});

bool is_account(const std::string& text) {
  constexpr size_t kDigits = 12;
  return text.size() == kDigits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// As in the form of a template; a root for an account.
Node properties_of(const Node& statement) {
  Node node = Node::map();
  node.set("Action", Node::of_text(statement.text_of("Action")));
  const Node* principal = statement.find("Principal");
  if (principal != nullptr && principal->is_map() && !principal->members.empty()) {
    principal = &principal->members.front().value;
  }
  node.set("Principal", principal == nullptr ? Node() : *principal);
  const Node* conditions = statement.find("Condition");
  if (conditions == nullptr) return node;
  for (const NodeMember& comparison : conditions->members) {
    for (const NodeMember& condition : comparison.value.members) {
      const auto known = std::ranges::find(kConditionKeys, condition.name, &ConditionKey::key);
      node.set(known == kConditionKeys.end() ? condition.name : known->property, condition.value);
    }
  }
  return node;
}

}  // namespace

Result<std::unique_ptr<Resource>> Permission::make(const Declaration& declaration,
                                                   const Setting& setting) {
  Node wanted = TRY(shaped(declaration.properties, kPermission, declaration.path));
  const Node function = *wanted.find("FunctionName");
  if (!function.is_scalar()) {
    return fault(function, joined(declaration.path, "FunctionName"), "must be known");
  }
  wanted.erase("FunctionName");
  Node& principal = *wanted.find("Principal");
  if (is_account(principal.text)) {
    principal.text = fmt::format("arn:aws:iam::{}:root", principal.text);
  }
  // Conditions are texts.
  if (Node* flag = wanted.find("InvokedViaFunctionUrl")) {
    if (flag->is_scalar()) flag->kind = NodeKind::kText;
  }
  return std::unique_ptr<Resource>(new Permission(setting.stack_name + "-" + declaration.logical_id,
                                                  function.text, std::move(wanted)));
}

Attributes Permission::attributes() const {
  return {{"Ref", Node::of_text(id_)}, {"Id", Node::of_text(id_)}};
}

Result<Node> Permission::find_current(ServiceClient& client) const {
  const auto answer = client.call_rest(RestCall{
      .operation = "GetPolicy", .method = "GET", .path = function_path(function_, "/policy")});
  if (!answer.ok()) {
    // Neither a policy nor a function.
    if (answer.error().code == ErrorCode::kResourceNotFoundException) return Node();
    return answer.error();
  }
  const auto document = json::Document::parse(text_of(root_of(*answer), "Policy"));
  if (!document.ok() || !document->root().is_object()) return Node();
  for (const json::Object statement : objects_of(root_of(*document), "Statement")) {
    if (text_of(statement, "Sid") == id_) return properties_of(node_of(statement));
  }
  return Node();
}

Result<Decision> Permission::compare(ServiceClient& client) {
  const Node current = TRY(find_current(client));
  exists_ = current.is_map();
  const std::string name = fmt::format("{} of {}", id_, function_of_arn(function_));
  if (!exists_) return Decision{Action::kCreate, name, {}, attributes()};
  const auto changes = differences(current, wanted_);
  const Action action = changes.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name, texts_of(changes), attributes()};
}

Result<Attributes> Permission::apply(ServiceClient& client) {
  // A statement cannot be changed.
  if (exists_) {
    std::string rest = "/policy/";
    auth::append_uri_encoded(rest, id_);
    TRY(client.send(RestCall{.operation = "RemovePermission",
                             .method = "DELETE",
                             .path = function_path(function_, rest)}));
  }
  Node body = wanted_;
  body.set("StatementId", Node::of_text(id_));
  if (Node* flag = body.find("InvokedViaFunctionUrl")) flag->kind = NodeKind::kBoolean;
  TRY(client.send(RestCall{.operation = "AddPermission",
                           .method = "POST",
                           .path = function_path(function_, "/policy"),
                           .body = to_json(body)}));
  return attributes();
}

}  // namespace millrace::cli::resources
