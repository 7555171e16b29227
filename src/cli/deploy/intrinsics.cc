#include "cli/deploy/intrinsics.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "cli/deploy/substitution.h"
#include "json/base64.h"

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::joined;
using resources::Node;
using resources::NodeKind;
using resources::NodeMember;

using Resolved = Result<std::optional<Node>>;

bool is_function(const NodeMember& member) {
  return member.name == "Ref" || member.name.starts_with("Fn::");
}

Node placed(Node node, const Node& source) {
  node.place = source.place;
  return node;
}

class Resolver {
 public:
  Resolver(const Scope& scope, std::string path) : scope_(scope), path_(std::move(path)) {}

  Resolved resolve(const Node& node) const {
    if (node.is_list()) return resolve_list(node);
    if (!node.is_map()) return some(node);
    if (node.members.size() == 1 && is_function(node.members.front())) {
      return call(node.members.front());
    }
    Node out = placed(Node::map(), node);
    for (const NodeMember& member : node.members) {
      if (is_function(member)) {
        return fault(member.value, path_, member.name + " cannot stand beside other members");
      }
      const Resolver inner(scope_, joined(path_, member.name));
      if (auto value = TRY(inner.resolve(member.value))) out.set(member.name, std::move(*value));
    }
    return some(std::move(out));
  }

 private:
  using Function = Resolved (Resolver::*)(const Node& argument) const;
  struct Entry {
    std::string_view name;
    Function function;
  };

  static Resolved some(Node node) { return std::optional<Node>(std::move(node)); }

  Resolved resolve_list(const Node& node) const {
    Node out = placed(Node::list(), node);
    for (size_t i = 0; i < node.items.size(); ++i) {
      const Resolver inner(scope_, fmt::format("{}[{}]", path_, i));
      if (auto item = TRY(inner.resolve(node.items[i]))) out.items.push_back(std::move(*item));
    }
    return some(std::move(out));
  }

  Resolved call(const NodeMember& member) const {
    static constexpr auto kFunctions = std::to_array<Entry>({
        {"Ref", &Resolver::ref},
        {"Fn::Base64", &Resolver::base64},
        {"Fn::FindInMap", &Resolver::find_in_map},
        {"Fn::GetAtt", &Resolver::get_att},
        {"Fn::If", &Resolver::choose},
        {"Fn::Join", &Resolver::join},
        {"Fn::Select", &Resolver::select},
        {"Fn::Split", &Resolver::split},
        {"Fn::Sub", &Resolver::sub},
    });
    const auto found = std::ranges::find(kFunctions, member.name, &Entry::name);
    if (found == kFunctions.end()) {
      return fault(member.value, path_, "the function " + member.name + " is not supported");
    }
    auto value = TRY((this->*found->function)(member.value));
    if (value) value->place = member.value.place;
    return value;
  }

  Resolved named(const std::string& name, const Node& source) const {
    if (name.starts_with("AWS::")) return pseudo(name, source);
    if (const auto parameter = scope_.parameters.find(name); parameter != scope_.parameters.end()) {
      return some(parameter->second);
    }
    return attribute(name, "Ref", source);
  }

  Resolved pseudo(const std::string& name, const Node& source) const {
    if (name == "AWS::Region") return some(Node::of_text(scope_.region));
    if (name == "AWS::AccountId") return some(Node::of_text(scope_.account_id));
    if (name == "AWS::StackName") return some(Node::of_text(scope_.stack_name));
    if (name == "AWS::Partition") return some(Node::of_text("aws"));
    if (name == "AWS::URLSuffix") return some(Node::of_text("amazonaws.com"));
    if (name == "AWS::NoValue") return std::optional<Node>();
    return fault(source, path_, "the pseudo parameter " + name + " is not supported");
  }

  Resolved attribute(const std::string& id, const std::string& name, const Node& source) const {
    if (scope_.left_out.contains(id)) {
      return fault(source, path_, id + " is not made, since its condition does not hold");
    }
    const auto found = scope_.attributes.find(id);
    if (found == scope_.attributes.end()) {
      return fault(source, path_, fmt::format("there is no parameter or resource '{}'", id));
    }
    if (const auto value = found->second.find(name); value != found->second.end()) {
      return some(value->second);
    }
    std::string names;
    for (const auto& [known, value] : found->second) {
      if (known != "Ref") names += (names.empty() ? "" : ", ") + known;
    }
    return fault(source, path_,
                 fmt::format("{} has no attribute '{}'; it has {}", id, name,
                             names.empty() ? "none" : names));
  }

  Resolved ref(const Node& argument) const {
    if (!argument.is_scalar()) return fault(argument, path_, "Ref takes a name");
    return named(argument.text, argument);
  }

  // ["Table", "Arn"] or "Table.Arn".
  Resolved get_att(const Node& argument) const {
    std::string id = argument.text;
    std::string name;
    if (argument.is_list()) {
      if (argument.items.size() != 2 || !argument.items[0].is_scalar()) {
        return fault(argument, path_, "Fn::GetAtt takes a resource and an attribute");
      }
      id = argument.items[0].text;
      name = TRY(text(argument.items[1], "Fn::GetAtt")).text;
    } else if (const size_t dot = id.find('.'); dot != std::string::npos) {
      name = id.substr(dot + 1);
      id.resize(dot);
    }
    if (id.empty() || name.empty()) {
      return fault(argument, path_, "Fn::GetAtt takes a resource and an attribute");
    }
    return attribute(id, name, argument);
  }

  // A scalar, or unknown.
  Result<Node> text(const Node& argument, std::string_view function) const {
    auto value = TRY(resolve(argument));
    if (!value || (!value->is_scalar() && value->kind != NodeKind::kUnknown)) {
      return fault(argument, path_, fmt::format("{} takes a text here", function));
    }
    return std::move(*value);
  }

  Result<Node> list(const Node& argument, std::string_view function) const {
    auto value = TRY(resolve(argument));
    if (!value || (!value->is_list() && value->kind != NodeKind::kUnknown)) {
      return fault(argument, path_, fmt::format("{} takes a list here", function));
    }
    return std::move(*value);
  }

  // The arguments of a function that takes so many.
  Status check_count(const Node& argument, size_t count, std::string_view function) const {
    if (argument.is_list() && argument.items.size() == count) return Done{};
    return fault(argument, path_, fmt::format("{} takes a list of {}", function, count));
  }

  Resolved sub(const Node& argument) const {
    Node pattern = argument;
    Node variables = Node::map();
    if (argument.is_list()) {
      TRY(check_count(argument, 2, "Fn::Sub"));
      pattern = argument.items[0];
      variables = argument.items[1];
    }
    if (!pattern.is_scalar() || !variables.is_map()) {
      return fault(argument, path_, "Fn::Sub takes a text, and a map of what is in it");
    }
    std::string out;
    for (const SubPart& part : split_substitution(pattern.text)) {
      if (!part.is_name) {
        out += part.text;
        continue;
      }
      const Node value = TRY(substituted(part.text, variables, pattern));
      if (value.kind == NodeKind::kUnknown) return some(value);
      out += value.text;
    }
    return some(Node::of_text(std::move(out)));
  }

  Result<Node> substituted(const std::string& name, const Node& variables,
                           const Node& source) const {
    if (const Node* variable = variables.find(name)) return text(*variable, "Fn::Sub");
    const size_t dot = name.find('.');
    const auto value = TRY(dot == std::string::npos
                               ? named(name, source)
                               : attribute(name.substr(0, dot), name.substr(dot + 1), source));
    if (value && (value->is_scalar() || value->kind == NodeKind::kUnknown)) return *value;
    return fault(source, path_, "Fn::Sub: ${" + name + "} is not a text");
  }

  Resolved join(const Node& argument) const {
    TRY(check_count(argument, 2, "Fn::Join"));
    const Node delimiter = TRY(text(argument.items[0], "Fn::Join"));
    const Node parts = TRY(list(argument.items[1], "Fn::Join"));
    if (parts.kind == NodeKind::kUnknown) return some(parts);
    std::string out;
    for (size_t i = 0; i < parts.items.size(); ++i) {
      const Node& part = parts.items[i];
      if (part.kind == NodeKind::kUnknown) return some(part);
      if (!part.is_scalar()) return fault(argument, path_, "Fn::Join takes a list of texts");
      out += (i > 0 ? delimiter.text : "") + part.text;
    }
    return some(Node::of_text(std::move(out)));
  }

  Resolved select(const Node& argument) const {
    TRY(check_count(argument, 2, "Fn::Select"));
    const std::string position = TRY(text(argument.items[0], "Fn::Select")).text;
    const Node items = TRY(list(argument.items[1], "Fn::Select"));
    if (items.kind == NodeKind::kUnknown) return some(items);
    size_t index = 0;
    const char* end = position.data() + position.size();
    const auto [stopped, problem] = std::from_chars(position.data(), end, index);
    if (problem != std::errc() || stopped != end || index >= items.items.size()) {
      return fault(
          argument, path_,
          fmt::format("Fn::Select: there is no item '{}' among {}", position, items.items.size()));
    }
    return some(items.items[index]);
  }

  Resolved split(const Node& argument) const {
    TRY(check_count(argument, 2, "Fn::Split"));
    const std::string delimiter = TRY(text(argument.items[0], "Fn::Split")).text;
    const Node source = TRY(text(argument.items[1], "Fn::Split"));
    if (source.kind == NodeKind::kUnknown) return some(source);
    if (delimiter.empty()) return fault(argument, path_, "Fn::Split takes a delimiter");
    Node out = Node::list();
    size_t begin = 0;
    while (true) {
      const size_t end = std::min(source.text.find(delimiter, begin), source.text.size());
      out.items.push_back(Node::of_text(source.text.substr(begin, end - begin)));
      if (end == source.text.size()) break;
      begin = end + delimiter.size();
    }
    return some(std::move(out));
  }

  Resolved choose(const Node& argument) const {
    TRY(check_count(argument, 3, "Fn::If"));
    const auto condition = scope_.conditions.find(argument.items[0].text);
    if (!argument.items[0].is_scalar() || condition == scope_.conditions.end()) {
      return fault(argument, path_,
                   fmt::format("there is no condition '{}'", argument.items[0].text));
    }
    return resolve(argument.items[condition->second ? 1 : 2]);
  }

  Resolved find_in_map(const Node& argument) const {
    TRY(check_count(argument, 3, "Fn::FindInMap"));
    const Node* found = &scope_.mappings;
    std::string name;
    for (const Node& item : argument.items) {
      const std::string key = TRY(text(item, "Fn::FindInMap")).text;
      name = joined(name, key);
      found = found->is_map() ? found->find(key) : nullptr;
      if (found == nullptr) return fault(argument, path_, "Fn::FindInMap: there is no " + name);
    }
    return some(*found);
  }

  Resolved base64(const Node& argument) const {
    Node value = TRY(text(argument, "Fn::Base64"));
    if (value.kind != NodeKind::kUnknown) value = Node::of_text(json::base64_encode(value.text));
    return some(std::move(value));
  }

  const Scope& scope_;
  const std::string path_;
};

// Evaluates conditions, each once.
class Conditions {
 public:
  Conditions(const Node& section, Scope& scope) : section_(section), scope_(scope) {}

  Result<bool> named(const std::string& name, const Node& source) {
    if (const auto known = scope_.conditions.find(name); known != scope_.conditions.end()) {
      return known->second;
    }
    const Node* condition = section_.find(name);
    if (condition == nullptr)
      return fault(source, "Conditions", "there is no condition '" + name + "'");
    if (!open_.insert(name).second) {
      return fault(source, "Conditions." + name, "depends on itself");
    }
    const bool holds = TRY(evaluate(*condition, "Conditions." + name));
    open_.erase(name);
    scope_.conditions.emplace(name, holds);
    return holds;
  }

 private:
  Result<bool> evaluate(const Node& node, const std::string& path) {
    if (!node.is_map() || node.members.size() != 1) {
      return fault(node, path, "takes Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition");
    }
    const auto& [name, argument] = node.members.front();
    if (name == "Condition" && argument.is_scalar()) return named(argument.text, argument);
    if (name == "Fn::Equals") return equals(argument, path);
    if (name == "Fn::Not" && argument.items.size() == 1) {
      return !TRY(evaluate(argument.items.front(), path));
    }
    if ((name == "Fn::And" || name == "Fn::Or") && argument.items.size() >= 2) {
      const bool wants_all = name == "Fn::And";
      bool result = wants_all;
      for (const Node& item : argument.items) {
        const bool holds = TRY(evaluate(item, path));
        result = wants_all ? result && holds : result || holds;
      }
      return result;
    }
    return fault(node, path, "takes Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition");
  }

  Result<bool> equals(const Node& argument, const std::string& path) {
    if (argument.items.size() != 2) return fault(argument, path, "Fn::Equals takes a list of 2");
    const auto left = TRY(resolve(argument.items[0], scope_, path));
    const auto right = TRY(resolve(argument.items[1], scope_, path));
    return left.has_value() && right.has_value() && *left == *right;
  }

  const Node& section_;
  Scope& scope_;
  std::set<std::string> open_;
};

void add_references(const Node& node, std::set<std::string>& names);

void add_sub_references(const Node& argument, std::set<std::string>& names) {
  const Node& pattern =
      argument.is_list() && !argument.items.empty() ? argument.items[0] : argument;
  for (const SubPart& part : split_substitution(pattern.text)) {
    if (part.is_name) names.insert(part.text.substr(0, part.text.find('.')));
  }
  if (argument.items.size() == 2) add_references(argument.items[1], names);
}

void add_references(const Node& node, std::set<std::string>& names) {
  for (const Node& item : node.items) add_references(item, names);
  for (const auto& [name, value] : node.members) {
    if (name == "Fn::Sub") {
      add_sub_references(value, names);
    } else if (name == "Ref" && value.is_scalar()) {
      names.insert(value.text);
    } else if (name == "Fn::GetAtt") {
      const Node& first = value.is_list() && !value.items.empty() ? value.items[0] : value;
      names.insert(first.text.substr(0, first.text.find('.')));
    } else {
      add_references(value, names);
    }
  }
}

}  // namespace

Result<std::optional<Node>> resolve(const Node& node, const Scope& scope, const std::string& path) {
  return Resolver(scope, path).resolve(node);
}

Status evaluate_conditions(const Node& section, Scope& scope) {
  Conditions conditions(section, scope);
  for (const NodeMember& member : section.members) {
    TRY(conditions.named(member.name, member.value));
  }
  return Done{};
}

std::set<std::string> references_of(const Node& node) {
  std::set<std::string> names;
  add_references(node, names);
  return names;
}

}  // namespace millrace::cli::deploy
