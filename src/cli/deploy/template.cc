#include "cli/deploy/template.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "cli/resources/resource.h"

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::Node;
using resources::NodeKind;
using resources::NodeMember;

constexpr std::string_view kServerless = "AWS::Serverless-2016-10-31";
constexpr auto kServerlessTypes =
    std::to_array<std::string_view>({"AWS::Serverless::Function", "AWS::Serverless::SimpleTable"});
// What says nothing about what is to be there.
constexpr auto kRemarks =
    std::to_array<std::string_view>({"AWSTemplateFormatVersion", "Description", "Metadata"});
// They tell what becomes of a resource when it is removed or replaced, which is never done here.
constexpr auto kResourceRemarks =
    std::to_array<std::string_view>({"Metadata", "DeletionPolicy", "UpdateReplacePolicy"});

Status check_transform(const Node& node) {
  std::vector<Node> transforms = node.items;
  if (!node.is_list()) transforms.push_back(node);
  for (const Node& transform : transforms) {
    if (transform.text == kServerless) continue;
    return fault(transform, "Transform", fmt::format("only {} is supported", kServerless));
  }
  return Done{};
}

Result<Node> section(const Node& node, const std::string& name) {
  if (node.kind == NodeKind::kNull) return Node::map();
  if (!node.is_map()) return fault(node, name, "takes a map");
  return node;
}

Result<std::vector<std::string>> read_depends_on(const Node& node, const std::string& path) {
  std::vector<std::string> ids;
  std::vector<Node> items = node.items;
  if (!node.is_list()) items.push_back(node);
  for (const Node& item : items) {
    if (!item.is_scalar()) return fault(item, path, "takes the names of resources");
    ids.push_back(item.text);
  }
  return ids;
}

bool is_logical_id(const std::string& text) {
  return !text.empty() && text.size() <= 255 &&
         std::ranges::all_of(text, [](unsigned char byte) { return std::isalnum(byte) != 0; });
}

bool is_known_type(const std::string& type) {
  return resources::is_resource_type(type) ||
         std::ranges::find(kServerlessTypes, type) != kServerlessTypes.end();
}

Result<TemplateResource> read_resource(const NodeMember& member) {
  const std::string path = "Resources." + member.name;
  if (!member.value.is_map()) return fault(member.value, path, "takes a map");
  if (!is_logical_id(member.name)) {
    return fault(member.value, path, "the name of a resource has letters and digits only");
  }
  TemplateResource resource;
  resource.logical_id = member.name;
  resource.place = member.value.place;
  resource.properties = Node::map();
  resource.properties.place = member.value.place;
  resource.type = member.value.text_of("Type");
  if (resource.type.empty()) return fault(member.value, path, "Type is missing");
  if (!is_known_type(resource.type)) {
    return fault(*member.value.find("Type"), path,
                 fmt::format("the resource type {} is not supported", resource.type));
  }
  for (const NodeMember& part : member.value.members) {
    const std::string part_path = resources::joined(path, part.name);
    if (part.name == "Type" ||
        std::ranges::find(kResourceRemarks, part.name) != kResourceRemarks.end()) {
      continue;
    }
    if (part.name == "Properties") {
      resource.properties = TRY(section(part.value, part_path));
      resource.properties.place = part.value.place;
    } else if (part.name == "DependsOn") {
      resource.depends_on = TRY(read_depends_on(part.value, part_path));
    } else if (part.name == "Condition" && part.value.is_scalar()) {
      resource.condition = part.value.text;
    } else {
      return fault(part.value, part_path, "is not supported");
    }
  }
  return resource;
}

}  // namespace

Result<Template> read_template(const Node& root) {
  if (!root.is_map()) return fault(root, "", "a template is a map");
  Template read;
  for (Node* part :
       {&read.parameters, &read.mappings, &read.conditions, &read.globals, &read.outputs}) {
    *part = Node::map();
  }
  const Node* declared = nullptr;
  for (const auto& [name, value] : root.members) {
    if (std::ranges::find(kRemarks, name) != kRemarks.end()) continue;
    if (name == "Transform") {
      TRY(check_transform(value));
    } else if (name == "Parameters") {
      read.parameters = TRY(section(value, name));
    } else if (name == "Mappings") {
      read.mappings = TRY(section(value, name));
    } else if (name == "Conditions") {
      read.conditions = TRY(section(value, name));
    } else if (name == "Globals") {
      read.globals = TRY(section(value, name));
    } else if (name == "Outputs") {
      read.outputs = TRY(section(value, name));
    } else if (name == "Resources") {
      declared = &value;
    } else {
      return fault(value, name, "this section is not supported");
    }
  }
  if (declared == nullptr) return fault(root, "", "Resources is missing");
  for (const NodeMember& member : TRY(section(*declared, "Resources")).members) {
    read.resources.push_back(TRY(read_resource(member)));
  }
  if (read.resources.empty()) return fault(*declared, "Resources", "is empty");
  return read;
}

}  // namespace millrace::cli::deploy
