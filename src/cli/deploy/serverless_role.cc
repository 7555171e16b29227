#include "cli/deploy/serverless_role.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/deploy/policy_templates.h"
#include "iam/aws_managed_policies.h"

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::joined;
using resources::Node;

constexpr auto kRoleProperties = std::to_array<std::string_view>(
    {"AssumeRolePolicyDocument", "PermissionsBoundary", "Policies", "RolePath"});

constexpr const char* kMayLog = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
constexpr const char* kMayReadStreams =
    "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole";

Node map_of(const char* name, Node value) {
  Node node = Node::map();
  node.set(name, std::move(value));
  return node;
}

Node trust_in_lambda() {
  Node statement = Node::map();
  statement.set("Effect", Node::of_text("Allow"));
  statement.set("Principal", map_of("Service", Node::of_text("lambda.amazonaws.com")));
  statement.set("Action", Node::of_text("sts:AssumeRole"));
  Node document = map_of("Version", Node::of_text("2012-10-17"));
  document.set("Statement", Node::list()).items.push_back(std::move(statement));
  return document;
}

// Of the name of one of AWS's policies.
Result<Node> managed_arn(const Node& name, const std::string& path) {
  if (name.text.starts_with("arn:")) return name;
  for (const auto& [arn, policy] : iam::aws_managed_policies()) {
    if (policy->name != name.text) continue;
    Node node = Node::of_text(arn);
    node.place = name.place;
    return node;
  }
  return fault(name, path, fmt::format("there is no managed policy '{}'", name.text));
}

bool is_function_call(const Node& node) {
  return node.members.size() == 1 &&
         (node.members.front().name == "Ref" || node.members.front().name.starts_with("Fn::"));
}

class RolePolicies {
 public:
  explicit RolePolicies(std::string role) : role_(std::move(role)) {}

  Status add(const Node& item, const std::string& path) {
    if (item.is_scalar()) {
      add_arn(TRY(managed_arn(item, path)));
    } else if (is_function_call(item)) {
      add_arn(item);
    } else if (item.is_map() && item.find("Statement") != nullptr) {
      add_document(item);
    } else if (item.is_map() && item.members.size() == 1) {
      add_document(TRY(policy_of_template(item.members.front(), path)));
    } else {
      return fault(item, path, "takes names and documents of policies, and policy templates");
    }
    return Done{};
  }
  void add_arn(const Node& arn) {
    if (std::ranges::find(arns_.items, arn) == arns_.items.end()) arns_.items.push_back(arn);
  }
  void write(Node& properties) && {
    properties.set("ManagedPolicyArns", std::move(arns_));
    if (!documents_.items.empty()) properties.set("Policies", std::move(documents_));
  }

 private:
  void add_document(Node document) {
    Node policy = Node::map();
    policy.place = document.place;
    policy.set("PolicyName",
               Node::of_text(fmt::format("{}Policy{}", role_, documents_.items.size())));
    policy.set("PolicyDocument", std::move(document));
    documents_.items.push_back(std::move(policy));
  }

  const std::string role_;
  Node arns_ = Node::list();
  Node documents_ = Node::list();
};

}  // namespace

bool is_role_property(std::string_view name) {
  return std::ranges::find(kRoleProperties, name) != kRoleProperties.end();
}

Result<TemplateResource> role_of(const TemplateResource& function, const Node& declared,
                                 bool reads_streams) {
  TemplateResource role = function;
  role.logical_id = function.logical_id + "Role";
  role.type = "AWS::IAM::Role";
  role.properties = Node::map();
  role.properties.place = declared.place;
  const Node* trust = declared.find("AssumeRolePolicyDocument");
  role.properties.set("AssumeRolePolicyDocument", trust == nullptr ? trust_in_lambda() : *trust);
  for (const auto& [from, to] :
       {std::pair("PermissionsBoundary", "PermissionsBoundary"), std::pair("RolePath", "Path")}) {
    if (const Node* value = declared.find(from)) role.properties.set(to, *value);
  }
  RolePolicies policies(role.logical_id);
  policies.add_arn(Node::of_text(kMayLog));
  if (reads_streams) policies.add_arn(Node::of_text(kMayReadStreams));
  if (const Node* wanted = declared.find("Policies")) {
    const std::string path = joined(function.path(), "Policies");
    if (!wanted->is_list()) TRY(policies.add(*wanted, path));
    for (const Node& item : wanted->items) TRY(policies.add(item, path));
  }
  std::move(policies).write(role.properties);
  return role;
}

}  // namespace millrace::cli::deploy
