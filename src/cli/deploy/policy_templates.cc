#include "cli/deploy/policy_templates.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::joined;
using resources::Node;
using resources::NodeMember;

using Texts = std::span<const std::string_view>;

struct Statement {
  Texts actions;
  Texts resources;  // behind "arn:PARTITION:"
};

struct PolicyTemplate {
  std::string_view name;
  Texts parameters;
  std::span<const Statement> statements;
};

constexpr std::string_view kTableParameters[] = {"TableName"};
constexpr std::string_view kStreamParameters[] = {"TableName", "StreamName"};
constexpr std::string_view kFunctionParameters[] = {"FunctionName"};

constexpr std::string_view kTable[] = {
    "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}"};
constexpr std::string_view kTableAndIndexes[] = {
    "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}",
    "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/*"};
constexpr std::string_view kStream[] = {
    "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/${StreamName}"};
constexpr std::string_view kStreams[] = {
    "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/*"};
constexpr std::string_view kFunction[] = {
    "lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}*"};

constexpr std::string_view kCrudActions[] = {
    "dynamodb:GetItem",        "dynamodb:DeleteItem",
    "dynamodb:PutItem",        "dynamodb:Scan",
    "dynamodb:Query",          "dynamodb:UpdateItem",
    "dynamodb:BatchWriteItem", "dynamodb:BatchGetItem",
    "dynamodb:DescribeTable",  "dynamodb:ConditionCheckItem"};
constexpr std::string_view kReadActions[] = {"dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query",
                                             "dynamodb:BatchGetItem", "dynamodb:DescribeTable"};
constexpr std::string_view kWriteActions[] = {"dynamodb:PutItem", "dynamodb:UpdateItem",
                                              "dynamodb:BatchWriteItem"};
constexpr std::string_view kReconfigureActions[] = {"dynamodb:UpdateTable"};
constexpr std::string_view kStreamActions[] = {"dynamodb:DescribeStream", "dynamodb:GetRecords",
                                               "dynamodb:GetShardIterator"};
constexpr std::string_view kListStreamsActions[] = {"dynamodb:ListStreams"};
constexpr std::string_view kInvokeActions[] = {"lambda:InvokeFunction"};

constexpr Statement kCrud[] = {{kCrudActions, kTableAndIndexes}};
constexpr Statement kRead[] = {{kReadActions, kTableAndIndexes}};
constexpr Statement kWrite[] = {{kWriteActions, kTableAndIndexes}};
constexpr Statement kReconfigure[] = {{kReconfigureActions, kTable}};
constexpr Statement kStreamRead[] = {{kStreamActions, kStream}, {kListStreamsActions, kStreams}};
constexpr Statement kInvoke[] = {{kInvokeActions, kFunction}};

constexpr auto kTemplates = std::to_array<PolicyTemplate>({
    {"DynamoDBCrudPolicy", kTableParameters, kCrud},
    {"DynamoDBReadPolicy", kTableParameters, kRead},
    {"DynamoDBReconfigurePolicy", kTableParameters, kReconfigure},
    {"DynamoDBStreamReadPolicy", kStreamParameters, kStreamRead},
    {"DynamoDBWritePolicy", kTableParameters, kWrite},
    {"LambdaInvokePolicy", kFunctionParameters, kInvoke},
});

Node texts_node(Texts texts) {
  Node list = Node::list();
  for (const std::string_view text : texts) list.items.push_back(Node::of_text(std::string(text)));
  return list;
}

Node resource_nodes(Texts resources, const Node& values) {
  Node list = Node::list();
  for (const std::string_view resource : resources) {
    Node arguments = Node::list();
    arguments.place = values.place;
    arguments.items = {Node::of_text(fmt::format("arn:${{AWS::Partition}}:{}", resource)), values};
    Node call = Node::map();
    call.place = values.place;
    call.set("Fn::Sub", std::move(arguments));
    list.items.push_back(std::move(call));
  }
  return list;
}

Status check_parameters(const PolicyTemplate& known, const Node& values, const std::string& path) {
  if (!values.is_map()) return fault(values, path, "takes a map");
  for (const NodeMember& value : values.members) {
    if (std::ranges::find(known.parameters, value.name) == known.parameters.end()) {
      return fault(value.value, joined(path, value.name), "there is no such parameter");
    }
  }
  for (const std::string_view name : known.parameters) {
    if (values.find(name) == nullptr) {
      return fault(values, path, fmt::format("{} is missing", name));
    }
  }
  return Done{};
}

}  // namespace

Result<Node> policy_of_template(const NodeMember& item, const std::string& path) {
  const auto known = std::ranges::find(kTemplates, item.name, &PolicyTemplate::name);
  if (known == kTemplates.end()) {
    return fault(item.value, path,
                 fmt::format("the policy template {} is not supported", item.name));
  }
  TRY(check_parameters(*known, item.value, joined(path, item.name)));
  Node document = Node::map();
  document.place = item.value.place;
  document.set("Version", Node::of_text("2012-10-17"));
  Node& statements = document.set("Statement", Node::list());
  for (const Statement& statement : known->statements) {
    Node node = Node::map();
    node.set("Effect", Node::of_text("Allow"));
    node.set("Action", texts_node(statement.actions));
    node.set("Resource", resource_nodes(statement.resources, item.value));
    statements.items.push_back(std::move(node));
  }
  return document;
}

}  // namespace millrace::cli::deploy
