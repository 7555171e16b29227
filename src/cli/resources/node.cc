#include "cli/resources/node.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::cli::resources {

namespace {

Node node_of_kind(NodeKind kind, std::string text = {}) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  return node;
}

bool equal_maps(const Node& left, const Node& right) {
  if (left.members.size() != right.members.size()) return false;
  return std::ranges::all_of(left.members, [&](const NodeMember& member) {
    const Node* other = right.find(member.name);
    return other != nullptr && member.value == *other;
  });
}

}  // namespace

Node Node::of_text(std::string text) {
  return node_of_kind(NodeKind::kText, std::move(text));
}

Node Node::of_integer(int64_t value) {
  return node_of_kind(NodeKind::kInteger, std::to_string(value));
}

Node Node::of_boolean(bool value) {
  return node_of_kind(NodeKind::kBoolean, value ? "true" : "false");
}

Node Node::list() {
  return node_of_kind(NodeKind::kList);
}

Node Node::map() {
  return node_of_kind(NodeKind::kMap);
}

Node Node::unknown(std::string source) {
  return node_of_kind(NodeKind::kUnknown, std::move(source));
}

bool Node::is_scalar() const {
  return kind == NodeKind::kText || kind == NodeKind::kInteger || kind == NodeKind::kBoolean;
}

const Node* Node::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &NodeMember::name);
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view name) {
  const auto found = std::ranges::find(members, name, &NodeMember::name);
  return found == members.end() ? nullptr : &found->value;
}

std::string Node::text_of(std::string_view name) const {
  const Node* member = find(name);
  return member != nullptr && member->is_scalar() ? member->text : "";
}

Node& Node::set(std::string name, Node value) {
  if (Node* member = find(name)) return *member = std::move(value);
  members.push_back({std::move(name), std::move(value)});
  return members.back().value;
}

void Node::erase(std::string_view name) {
  std::erase_if(members, [&](const NodeMember& member) { return member.name == name; });
}

bool operator==(const Node& left, const Node& right) {
  if (left.kind != right.kind || left.kind == NodeKind::kUnknown) return false;
  if (left.is_map()) return equal_maps(left, right);
  return left.text == right.text && left.items == right.items;
}

bool has_unknown(const Node& node) {
  return node.kind == NodeKind::kUnknown || std::ranges::any_of(node.items, has_unknown) ||
         std::ranges::any_of(node.members, has_unknown, &NodeMember::value);
}

void write_json(json::Writer& writer, const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return writer.null();
    case NodeKind::kText:
      return writer.string(node.text);
    case NodeKind::kInteger:
    case NodeKind::kBoolean:
      return writer.raw(node.text);
    case NodeKind::kUnknown:
      return writer.string("(" + node.text + ")");
    case NodeKind::kList:
      writer.begin_array();
      for (const Node& item : node.items) write_json(writer, item);
      return writer.end_array();
    case NodeKind::kMap:
      writer.begin_object();
      for (const NodeMember& member : node.members) {
        writer.key(member.name);
        write_json(writer, member.value);
      }
      return writer.end_object();
  }
}

std::string to_json(const Node& node) {
  std::string out;
  json::Writer writer(out);
  write_json(writer, node);
  return out;
}

Node node_of(json::Object object) {
  Node node = Node::map();
  for (const auto& [name, value] : object) node.set(std::string(name), node_of(value));
  return node;
}

Node node_of(json::Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      return node_of(json::Object(element));
    case simdjson::dom::element_type::ARRAY: {
      Node node = Node::list();
      for (const json::Element item : json::Array(element)) node.items.push_back(node_of(item));
      return node;
    }
    case simdjson::dom::element_type::STRING:
      return Node::of_text(std::string(std::string_view(element)));
    case simdjson::dom::element_type::BOOL:
      return Node::of_boolean(bool(element));
    case simdjson::dom::element_type::NULL_VALUE:
      return {};
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE:
      return node_of_kind(NodeKind::kInteger, simdjson::minify(element));
  }
  return {};
}

Error fault(const Node& node, std::string_view path, std::string_view text) {
  return {ErrorCode::kInvalidConfiguration,
          fmt::format("{}{}{}{}{}", node.place, node.place.empty() ? "" : ": ", path,
                      path.empty() ? "" : ": ", text)};
}

std::string joined(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

}  // namespace millrace::cli::resources
