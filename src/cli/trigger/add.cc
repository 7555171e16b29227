#include "cli/trigger/add.h"

#include <filesystem>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/await.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/resource.h"
#include "cli/resources/shape.h"
#include "cli/trigger/function_role.h"

namespace millrace::cli::trigger {

namespace {

using resources::Action;
using resources::Node;

Error refused(std::string text) {
  return {ErrorCode::kInvalidConfiguration, std::move(text)};
}

struct TableStream {
  std::string table;
  std::string table_arn;
  std::string stream_arn;  // empty: there is none
};

Result<TableStream> describe_table(ServiceClient& client, const std::string& table) {
  Node body = Node::map();
  body.set("TableName", Node::of_text(table));
  const auto answer = TRY(client.call(resources::call_of("DescribeTable", body)));
  const auto found = find_object(root_of(answer), "Table");
  if (!found) {
    return Error{ErrorCode::kServiceUnavailableException, "DescribeTable: the answer has no Table"};
  }
  TableStream stream{text_of(*found, "TableName"), text_of(*found, "TableArn"), ""};
  const auto specification = find_object(*found, "StreamSpecification");
  if (specification && is_true(*specification, "StreamEnabled")) {
    stream.stream_arn = text_of(*found, "LatestStreamArn");
  }
  return stream;
}

Status enable_stream(ServiceClient& client, TableStream& stream, const std::string& view_type) {
  Node specification = Node::map();
  specification.set("StreamEnabled", Node::of_boolean(true));
  specification.set("StreamViewType", Node::of_text(view_type));
  Node body = Node::map();
  body.set("TableName", Node::of_text(stream.table));
  body.set("StreamSpecification", std::move(specification));
  TRY(client.call(resources::call_of("UpdateTable", body)));
  TRY(resources::await("the stream of " + stream.table, [&]() -> Result<bool> {
    stream = TRY(describe_table(client, stream.table));
    return !stream.stream_arn.empty();
  }));
  fmt::print("+ stream of {}: {} with {}\n", stream.table, stream.stream_arn, view_type);
  return Done{};
}

bool is_code(const std::string& target) {
  std::error_code problem;
  return !target.starts_with("arn:") && std::filesystem::exists(target, problem);
}

bool looks_like_a_path(const std::string& target) {
  const std::string extension = std::filesystem::path(target).extension().string();
  return target.find('/') != std::string::npos || !extension.empty();
}

Status refuse_function_options(const AddOptions& options) {
  if (options.name || options.runtime || options.handler || options.role ||
      options.memory_mebibytes || options.timeout_seconds || !options.environment.empty()) {
    return refused(fmt::format(
        "--name, --runtime, --handler, --role, --env, --timeout and --memory are for code, and {} "
        "is a function that is there",
        options.target));
  }
  return Done{};
}

void print_decision(const char* what, const resources::Decision& decision, std::string_view more) {
  const char* sign = "=";
  if (decision.action == Action::kCreate) sign = "+";
  if (decision.action == Action::kUpdate) sign = "~";
  fmt::print("{} {} {}{}{}\n", sign, what, decision.name, more.empty() ? "" : ": ", more);
  for (const std::string& change : decision.changes) fmt::print("    {}\n", change);
}

// Compares, applies, prints; the attributes.
Result<resources::Attributes> make(ServiceClient& client, const char* what,
                                   resources::Resource& resource, std::string_view more) {
  const resources::Decision decision = TRY(resource.compare(client));
  auto attributes = decision.attributes;
  if (decision.action != Action::kKeep) attributes = TRY(resource.apply(client));
  print_decision(what, decision, more);
  return attributes;
}

resources::Setting setting_of(const TableStream& stream) {
  return {.stack_name = stream.table,
          .directory = ".",
          .region = resources::arn_part(stream.table_arn, 3),
          .account_id = resources::arn_part(stream.table_arn, 4)};
}

// What the trigger is to call.
struct CodeFunction {
  std::unique_ptr<resources::Resource> resource;
  std::string shown;
  std::string missing_role;  // that is to be made for it; empty: none
};

Result<CodeFunction> prepare_function(ServiceClient& client, const AddOptions& options,
                                      const TableStream& stream) {
  const std::string name =
      options.name.value_or(default_function_name(stream.table, options.target));
  const auto current = TRY(resources::find_function(client, name));
  Node properties = TRY(function_properties(options, current.value_or(Node())));
  properties.set("FunctionName", Node::of_text(name));
  CodeFunction function;
  function.shown = properties.text_of("Runtime") + ", " + properties.text_of("Handler");
  const std::string own_role = own_role_arn(resources::arn_part(stream.table_arn, 4), name);
  if (properties.find("Role") == nullptr) properties.set("Role", Node::of_text(own_role));
  const std::string role = properties.text_of("Role");
  if (!options.role && TRY(lacks_role(client, role, own_role, !current))) {
    function.missing_role = role;
  }
  function.resource = TRY(resources::make_resource({.logical_id = name,
                                                    .type = "AWS::Lambda::Function",
                                                    .properties = std::move(properties),
                                                    .path = "function " + name},
                                                   setting_of(stream)));
  return function;
}

Result<Node> tags_of(ServiceClient& client, const Node& mapping) {
  Node tags = Node::map();
  if (mapping.is_map()) tags = TRY(resources::list_tags(client, resources::mapping_arn(mapping)));
  tags.set(std::string(resources::kFollowTableTag), Node::of_text("true"));
  return resources::tags_as_list(tags);
}

Status make_mapping(ServiceClient& client, const AddOptions& options, const TableStream& stream,
                    const std::string& function) {
  const Node current = TRY(resources::find_mapping(client, stream.stream_arn, function, true));
  Node properties = TRY(mapping_properties(options, current));
  properties.set("EventSourceArn", Node::of_text(stream.stream_arn));
  properties.set("FunctionName", Node::of_text(function));
  properties.set("Tags", TRY(tags_of(client, current)));
  const auto mapping = TRY(resources::make_resource({.logical_id = stream.table,
                                                     .type = "AWS::Lambda::EventSourceMapping",
                                                     .properties = std::move(properties),
                                                     .path = "trigger"},
                                                    setting_of(stream)));
  const auto attributes = TRY(make(client, "trigger", *mapping, ""));
  const std::string uuid = attributes.at("Ref").text;
  const Node made = TRY(resources::get_mapping(client, uuid));
  fmt::print("  {} {}, follows {}\n", made.text_of("State"), uuid, made.text_of("EventSourceArn"));
  if (made.text_of("EventSourceArn") != stream.stream_arn) {
    fmt::print("  and then {}\n", stream.stream_arn);
  }
  return Done{};
}

}  // namespace

Status add_trigger(ServiceClient& client, const AddOptions& options) {
  TableStream stream = TRY(describe_table(client, options.table));
  if (stream.stream_arn.empty() && !options.enable_stream) {
    return refused(
        fmt::format("table '{}' has no stream: --enable-stream enables one with "
                    "NEW_AND_OLD_IMAGES, or with what --view-type says",
                    stream.table));
  }
  // Whatever can be refused is refused before anything is changed.
  TRY(mapping_properties(options, Node()));
  std::string function = options.target;
  CodeFunction code;
  if (is_code(options.target)) {
    code = TRY(prepare_function(client, options, stream));
  } else {
    TRY(refuse_function_options(options));
    if (!options.target.starts_with("arn:") && looks_like_a_path(options.target)) {
      return refused(options.target + ": there is no such file or directory");
    }
    if (!TRY(resources::find_function(client, options.target))) {
      return refused(
          fmt::format("'{}' is neither a path nor a function that is there", options.target));
    }
  }
  if (stream.stream_arn.empty()) TRY(enable_stream(client, stream, options.view_type));
  if (!code.missing_role.empty()) TRY(make_role(client, code.missing_role));
  if (code.resource) {
    function = TRY(make(client, "function", *code.resource, code.shown)).at("Ref").text;
  }
  return make_mapping(client, options, stream, function);
}

}  // namespace millrace::cli::trigger
