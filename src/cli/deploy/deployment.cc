#include "cli/deploy/deployment.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "cli/deploy/dependencies.h"
#include "cli/deploy/policy_grants.h"
#include "cli/deploy/site.h"
#include "cli/deploy/yaml.h"
#include "cli/resources/lambda_calls.h"

namespace millrace::cli::deploy {

namespace {

using resources::Action;
using resources::Node;
using resources::NodeMember;

constexpr size_t kTemplateBytesMax = size_t{4} << 20;

Error unusable(const std::filesystem::path& file, std::string_view why) {
  return {ErrorCode::kInvalidConfiguration, file.string() + ": " + std::string(why)};
}

Result<std::string> read_file(const std::filesystem::path& file) {
  std::error_code problem;
  const auto status = std::filesystem::status(file, problem);
  if (!std::filesystem::exists(status)) return unusable(file, "there is no such file");
  if (!std::filesystem::is_regular_file(status)) return unusable(file, "is not a file");
  if (std::filesystem::file_size(file, problem) > kTemplateBytesMax) {
    return unusable(file, "is too large for a template");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return unusable(file, "cannot be read");
  return text;
}

// Whether it is {Fn::GetAtt: [X, StreamArn]}.
bool is_stream_of_table(const Node& node) {
  const Node* argument = node.is_map() ? node.find("Fn::GetAtt") : nullptr;
  if (argument == nullptr) return false;
  if (argument->is_list()) {
    return argument->items.size() == 2 && argument->items[1].text == "StreamArn";
  }
  return argument->text.ends_with(".StreamArn");
}

// A mapping that names the stream by its table follows the table, whatever stream it has.
void follow_tables(Template& declared) {
  for (TemplateResource& resource : declared.resources) {
    if (resource.type != "AWS::Lambda::EventSourceMapping") continue;
    const Node* source = resource.properties.find("EventSourceArn");
    if (source == nullptr || !is_stream_of_table(*source)) continue;
    Node tag = Node::map();
    tag.set("Key", Node::of_text(std::string(resources::kFollowTableTag)));
    tag.set("Value", Node::of_text("true"));
    Node* tags = resource.properties.find("Tags");
    if (tags == nullptr) tags = &resource.properties.set("Tags", Node::list());
    if (tags->is_list()) tags->items.push_back(std::move(tag));
  }
}

}  // namespace

std::string default_stack_name(const std::filesystem::path& file) {
  std::error_code problem;
  std::string name = std::filesystem::absolute(file, problem).parent_path().filename().string();
  std::ranges::replace_if(
      name, [](unsigned char byte) { return std::isalnum(byte) == 0; }, '-');
  return name.empty() || std::isalpha(static_cast<unsigned char>(name.front())) == 0 ? "stack"
                                                                                     : name;
}

Result<Deployment> Deployment::open(ServiceClient& client, const DeploymentOptions& options) {
  const std::string text = TRY(read_file(options.file));
  Template declared = TRY(read_template(TRY(parse_yaml(text, options.file.string()))));
  TRY(expand_serverless(declared));
  follow_tables(declared);
  Scope scope;
  scope.parameters = TRY(parameter_values(declared.parameters, options.parameters));
  scope.mappings = declared.mappings;
  scope.stack_name =
      options.stack_name.empty() ? default_stack_name(options.file) : options.stack_name;
  const Site site = TRY(find_site(client, options.region));
  scope.region = site.region;
  scope.account_id = site.account_id;
  resources::Setting setting{.stack_name = scope.stack_name,
                             .directory = options.file.parent_path(),
                             .region = site.region,
                             .account_id = site.account_id};
  Deployment deployment(client, std::move(declared), std::move(scope), std::move(setting));
  TRY(deployment.prepare());
  return deployment;
}

Status Deployment::prepare() {
  TRY(evaluate_conditions(template_.conditions, scope_));
  for (const TemplateResource& resource : template_.resources) {
    if (resource.condition.empty()) continue;
    const auto condition = scope_.conditions.find(resource.condition);
    if (condition == scope_.conditions.end()) {
      return resources::fault(resource.properties, "Resources." + resource.logical_id,
                              "there is no condition '" + resource.condition + "'");
    }
    if (!condition->second) scope_.left_out.insert(resource.logical_id);
  }
  order_ = TRY(order_of(template_.resources));
  std::erase_if(order_, [this](size_t index) {
    return scope_.left_out.contains(template_.resources[index].logical_id);
  });
  setting_.grants = policy_grants(template_.resources, scope_, setting_);
  return Done{};
}

Result<std::unique_ptr<resources::Resource>> Deployment::make(size_t index) const {
  const TemplateResource& declared = template_.resources[index];
  auto properties = TRY(resolve(declared.properties, scope_, declared.path()));
  if (!properties) properties = Node::map();
  return resources::make_resource({.logical_id = declared.logical_id,
                                   .type = declared.type,
                                   .properties = std::move(*properties),
                                   .path = declared.path()},
                                  setting_);
}

Result<std::vector<PlannedResource>> Deployment::plan() {
  std::vector<PlannedResource> planned;
  scope_.attributes.clear();
  for (const size_t index : order_) {
    const TemplateResource& declared = template_.resources[index];
    const auto resource = TRY(make(index));
    auto decision = TRY(resource->compare(*client_));
    scope_.attributes.emplace(declared.logical_id, decision.attributes);
    planned.push_back({declared.logical_id, declared.type, std::move(decision)});
  }
  TRY(outputs());
  return planned;
}

Status Deployment::apply(size_t index, resources::Decision& decision) {
  const auto resource = TRY(make(index));
  decision = TRY(resource->compare(*client_));
  if (decision.action == Action::kCreate || decision.action == Action::kUpdate) {
    decision.attributes = TRY(resource->apply(*client_));
  }
  scope_.attributes.emplace(template_.resources[index].logical_id, decision.attributes);
  return Done{};
}

Result<std::vector<std::pair<std::string, std::string>>> Deployment::outputs() const {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const NodeMember& output : template_.outputs.members) {
    const std::string path = "Outputs." + output.name;
    const Node* value = output.value.is_map() ? output.value.find("Value") : nullptr;
    if (value == nullptr) return resources::fault(output.value, path, "Value is missing");
    const std::string condition = output.value.text_of("Condition");
    if (!condition.empty()) {
      const auto known = scope_.conditions.find(condition);
      if (known == scope_.conditions.end()) {
        return resources::fault(output.value, path, "there is no condition '" + condition + "'");
      }
      if (!known->second) continue;
    }
    const auto resolved = TRY(resolve(*value, scope_, path + ".Value"));
    if (!resolved || resolved->is_list() || resolved->is_map()) {
      return resources::fault(*value, path, "an output is a text");
    }
    outputs.emplace_back(output.name, resolved->text);
  }
  return outputs;
}

}  // namespace millrace::cli::deploy
