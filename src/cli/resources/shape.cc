#include "cli/resources/shape.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace millrace::cli::resources {

namespace {

std::string_view name_of(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::kText:
      return "a text";
    case ShapeKind::kInteger:
      return "an integer";
    case ShapeKind::kBoolean:
      return "true or false";
    case ShapeKind::kList:
      return "a list";
    case ShapeKind::kMap:
    case ShapeKind::kStructure:
      return "a map";
    case ShapeKind::kDocument:
      break;
  }
  return "a value";
}

Error wrong_type(const Node& node, const Shape& shape, const std::string& path) {
  std::string actual = "a text";
  if (node.is_map()) actual = "a map";
  if (node.is_list()) actual = "a list";
  if (node.kind == NodeKind::kNull) actual = "nothing";
  if (node.is_scalar()) actual = "'" + node.text.substr(0, 60) + "'";
  return fault(node, path, fmt::format("takes {}, not {}", name_of(shape.kind), actual));
}

Result<Node> shaped_scalar(const Node& node, const Shape& shape, const std::string& path) {
  Node out = node;
  if (!node.is_scalar()) return wrong_type(node, shape, path);
  if (shape.kind == ShapeKind::kText) {
    out.kind = NodeKind::kText;
  } else if (shape.kind == ShapeKind::kInteger) {
    int64_t value = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stopped, problem] = std::from_chars(node.text.data(), end, value);
    if (problem != std::errc() || stopped != end) return wrong_type(node, shape, path);
    out.kind = NodeKind::kInteger;
    out.text = std::to_string(value);
  } else {
    std::ranges::transform(node.text, out.text.begin(), [](unsigned char byte) {
      return static_cast<char>(std::tolower(byte));
    });
    if (out.text != "true" && out.text != "false") return wrong_type(node, shape, path);
    out.kind = NodeKind::kBoolean;
  }
  return out;
}

Status check_required(const Node& node, const Shape& shape, const std::string& path) {
  for (const Property& property : shape.properties) {
    if (property.need == Need::kRequired && node.find(property.name) == nullptr) {
      return fault(node, path, fmt::format("{} is missing", property.name));
    }
  }
  return Done{};
}

Result<Node> shaped_structure(const Node& node, const Shape& shape, const std::string& path) {
  Node out = Node::map();
  out.place = node.place;
  for (const NodeMember& member : node.members) {
    const std::string member_path = joined(path, member.name);
    const auto property = std::ranges::find(shape.properties, member.name, &Property::name);
    if (property == shape.properties.end()) {
      return fault(member.value, member_path, "there is no such property");
    }
    if (property->shape == nullptr) {
      return fault(member.value, member_path, "this server does not have that");
    }
    out.set(member.name, TRY(shaped(member.value, *property->shape, member_path)));
  }
  TRY(check_required(node, shape, path));
  return out;
}

}  // namespace

Result<Node> shaped(const Node& node, const Shape& shape, const std::string& path) {
  if (node.kind == NodeKind::kUnknown) return node;
  switch (shape.kind) {
    case ShapeKind::kDocument:
      return node;
    case ShapeKind::kText:
    case ShapeKind::kInteger:
    case ShapeKind::kBoolean:
      return shaped_scalar(node, shape, path);
    case ShapeKind::kList: {
      if (!node.is_list()) return wrong_type(node, shape, path);
      Node out = Node::list();
      out.place = node.place;
      for (size_t i = 0; i < node.items.size(); ++i) {
        const std::string item_path = fmt::format("{}[{}]", path, i);
        out.items.push_back(TRY(shaped(node.items[i], *shape.element, item_path)));
      }
      return out;
    }
    case ShapeKind::kMap: {
      if (!node.is_map()) return wrong_type(node, shape, path);
      Node out = Node::map();
      out.place = node.place;
      for (const NodeMember& member : node.members) {
        out.set(member.name, TRY(shaped(member.value, *shape.element, joined(path, member.name))));
      }
      return out;
    }
    case ShapeKind::kStructure:
      if (!node.is_map()) return wrong_type(node, shape, path);
      return shaped_structure(node, shape, path);
  }
  return node;
}

Result<Node> tags_as_map(const Node& tags, const std::string& path) {
  Node map = Node::map();
  map.place = tags.place;
  for (const Node& tag : tags.items) {
    const Node* value = tag.find("Value");
    const std::string key = tag.text_of("Key");
    if (map.find(key) != nullptr) {
      return fault(tag, path, fmt::format("the tag '{}' is there twice", key));
    }
    map.set(key, value == nullptr ? Node::of_text("") : *value);
  }
  return map;
}

Node owned_tags(const Node& current, const Node& wanted) {
  Node owned = current;
  std::erase_if(owned.members, [&](const NodeMember& tag) {
    const bool is_reserved = tag.name.starts_with("millrace:") || tag.name.starts_with("aws:");
    return is_reserved && wanted.find(tag.name) == nullptr;
  });
  return owned;
}

Node tags_as_list(const Node& map) {
  Node list = Node::list();
  for (const NodeMember& member : map.members) {
    Node tag = Node::map();
    tag.set("Key", Node::of_text(member.name));
    tag.set("Value", member.value);
    list.items.push_back(std::move(tag));
  }
  return list;
}

}  // namespace millrace::cli::resources
