#include <algorithm>

#include <fmt/format.h>

#include "cli/deploy/serverless_role.h"
#include "cli/deploy/template.h"

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::joined;
using resources::Node;
using resources::NodeMember;

Node call_of(const char* function, Node argument) {
  Node node = Node::map();
  node.place = argument.place;
  node.set(function, std::move(argument));
  return node;
}

Node reference_to(const std::string& logical_id, const std::string& place) {
  Node id = Node::of_text(logical_id);
  id.place = place;
  return call_of("Ref", std::move(id));
}

// SAM has tags as a map, CloudFormation as a list.
Result<Node> tag_list(const Node& tags, const std::string& path) {
  if (!tags.is_map()) return fault(tags, path, "takes a map");
  Node list = Node::list();
  list.place = tags.place;
  for (const NodeMember& member : tags.members) {
    Node tag = Node::map();
    tag.place = member.value.place;
    tag.set("Key", Node::of_text(member.name));
    tag.set("Value", member.value);
    list.items.push_back(std::move(tag));
  }
  return list;
}

// As SAM merges: what the resource says goes before, maps are merged, lists are joined.
Node merged(const Node& global, const Node& own) {
  if (global.is_list() && own.is_list()) {
    Node list = global;
    list.items.insert(list.items.end(), own.items.begin(), own.items.end());
    return list;
  }
  if (!global.is_map() || !own.is_map()) return own;
  const bool is_function =
      own.members.size() == 1 &&
      (own.members.front().name == "Ref" || own.members.front().name.starts_with("Fn::"));
  if (is_function) return own;
  Node map = own;
  for (const NodeMember& member : global.members) {
    const Node* mine = own.find(member.name);
    map.set(member.name, mine == nullptr ? member.value : merged(member.value, *mine));
  }
  return map;
}

class Expander {
 public:
  explicit Expander(Template& declared) : template_(declared) {}

  Status run() {
    for (const NodeMember& member : template_.globals.members) {
      if (member.name != "Function" && member.name != "SimpleTable") {
        return fault(member.value, "Globals." + member.name, "is not supported");
      }
    }
    std::vector<TemplateResource> declared = std::move(template_.resources);
    for (TemplateResource& resource : declared) {
      if (resource.type == "AWS::Serverless::Function") {
        TRY(expand_function(std::move(resource)));
      } else if (resource.type == "AWS::Serverless::SimpleTable") {
        TRY(expand_table(std::move(resource)));
      } else {
        made_.push_back(std::move(resource));
      }
    }
    template_.resources = std::move(made_);
    return Done{};
  }

 private:
  void merge_globals(TemplateResource& resource, const char* section) const {
    const Node* global = template_.globals.find(section);
    if (global == nullptr) return;
    const std::string place = resource.properties.place;
    resource.properties = merged(*global, resource.properties);
    resource.properties.place = place;
  }

  Status expand_function(TemplateResource function) {
    merge_globals(function, "Function");
    const std::string path = function.path();
    function.type = "AWS::Lambda::Function";
    const Node declared = std::move(function.properties);
    function.properties = Node::map();
    function.properties.place = declared.place;
    Node role = Node::map();
    role.place = declared.place;
    for (const NodeMember& member : declared.members) {
      const std::string member_path = joined(path, member.name);
      if (is_role_property(member.name)) {
        role.set(member.name, member.value);
      } else if (member.name == "CodeUri" || member.name == "InlineCode") {
        TRY(set_code(function.properties, member, member_path));
      } else if (member.name == "Tags") {
        function.properties.set("Tags", TRY(tag_list(member.value, member_path)));
      } else if (member.name == "Events") {
        TRY(expand_events(function, member.value, member_path));
      } else {
        function.properties.set(member.name, member.value);
      }
    }
    if (function.properties.find("Code") == nullptr) {
      return fault(declared, path, "CodeUri or InlineCode is missing");
    }
    if (declared.find("Role") == nullptr) {
      TemplateResource made = TRY(role_of(function, role, !events_.empty()));
      Node arn = Node::list();
      arn.place = function.place;
      arn.items = {Node::of_text(made.logical_id), Node::of_text("Arn")};
      function.properties.set("Role", call_of("Fn::GetAtt", std::move(arn)));
      made_.push_back(std::move(made));
    }
    made_.push_back(std::move(function));
    std::ranges::move(events_, std::back_inserter(made_));
    events_.clear();
    return Done{};
  }

  static Status set_code(Node& properties, const NodeMember& member, const std::string& path) {
    if (properties.find("Code") != nullptr) {
      return fault(member.value, path, "CodeUri and InlineCode exclude each other");
    }
    if (member.name == "CodeUri") {
      properties.set("Code", member.value);
      return Done{};
    }
    Node code = Node::map();
    code.place = member.value.place;
    code.set("ZipFile", member.value);
    properties.set("Code", std::move(code));
    return Done{};
  }

  Status expand_events(const TemplateResource& function, const Node& events,
                       const std::string& path) {
    if (!events.is_map()) return fault(events, path, "takes a map");
    for (const NodeMember& event : events.members) {
      const std::string event_path = joined(path, event.name);
      const std::string type = event.value.text_of("Type");
      if (type != "DynamoDB") {
        return fault(event.value, event_path,
                     fmt::format("the event type '{}' is not supported, only DynamoDB", type));
      }
      const Node* properties = event.value.find("Properties");
      if (properties == nullptr || !properties->is_map()) {
        return fault(event.value, event_path, "Properties is missing");
      }
      events_.push_back(TRY(mapping_of(function, event, *properties, event_path)));
    }
    return Done{};
  }

  static Result<TemplateResource> mapping_of(const TemplateResource& function,
                                             const NodeMember& event, const Node& properties,
                                             const std::string& path) {
    TemplateResource mapping;
    mapping.logical_id = function.logical_id + event.name;
    mapping.type = "AWS::Lambda::EventSourceMapping";
    mapping.condition = function.condition;
    mapping.place = event.value.place;
    mapping.properties = Node::map();
    mapping.properties.place = event.value.place;
    for (const NodeMember& member : properties.members) {
      mapping.properties.set(member.name == "Stream" ? "EventSourceArn" : member.name,
                             member.value);
    }
    for (const char* name : {"Stream", "StartingPosition"}) {
      if (properties.find(name) == nullptr) {
        return fault(properties, path, std::string(name) + " is missing");
      }
    }
    // SAM tells the kind of the destination, which its ARN does as well.
    if (Node* destination = mapping.properties.find("DestinationConfig")) {
      if (Node* on_failure = destination->find("OnFailure")) on_failure->erase("Type");
    }
    mapping.properties.set("FunctionName", reference_to(function.logical_id, event.value.place));
    return mapping;
  }

  Status expand_table(TemplateResource table) {
    merge_globals(table, "SimpleTable");
    const std::string path = table.path();
    const Node declared = std::move(table.properties);
    table.type = "AWS::DynamoDB::Table";
    table.properties = Node::map();
    table.properties.place = declared.place;
    std::string key = "id";
    std::string type = "String";
    for (const NodeMember& member : declared.members) {
      if (member.name == "PrimaryKey") {
        key = member.value.text_of("Name");
        type = member.value.text_of("Type");
      } else if (member.name == "Tags") {
        table.properties.set("Tags", TRY(tag_list(member.value, joined(path, member.name))));
      } else {
        table.properties.set(member.name, member.value);
      }
    }
    if (key.empty() || (type != "String" && type != "Number" && type != "Binary")) {
      return fault(declared, joined(path, "PrimaryKey"),
                   "takes a Name, and a Type of String, Number or Binary");
    }
    add_key(table.properties, key, type);
    made_.push_back(std::move(table));
    return Done{};
  }

  static void add_key(Node& properties, const std::string& name, const std::string& type) {
    Node definition = Node::map();
    definition.set("AttributeName", Node::of_text(name));
    definition.set("AttributeType", Node::of_text(type.substr(0, 1)));
    Node key = Node::map();
    key.set("AttributeName", Node::of_text(name));
    key.set("KeyType", Node::of_text("HASH"));
    for (auto& [member, item] :
         {std::pair("AttributeDefinitions", definition), std::pair("KeySchema", key)}) {
      Node list = Node::list();
      list.items.push_back(item);
      properties.set(member, std::move(list));
    }
    if (properties.find("ProvisionedThroughput") == nullptr) {
      properties.set("BillingMode", Node::of_text("PAY_PER_REQUEST"));
    }
  }

  Template& template_;
  std::vector<TemplateResource> made_;
  std::vector<TemplateResource> events_;  // of the function at hand
};

}  // namespace

Status expand_serverless(Template& declared) {
  return Expander(declared).run();
}

}  // namespace millrace::cli::deploy
