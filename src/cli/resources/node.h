// A tree of data: of a template, of the properties that a resource is to have, or of those it has.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::cli::resources {

enum class NodeKind {
  kNull,
  kText,
  kInteger,
  kBoolean,
  kList,
  kMap,
  // A value that is there only once what it comes from is made; `text` says where it comes from.
  kUnknown,
};

struct NodeMember;

struct Node {
  NodeKind kind = NodeKind::kNull;
  std::string text;  // of a scalar: "x", "5", "true"
  std::vector<Node> items;
  std::vector<NodeMember> members;  // in the order of the source, names are unique
  std::string place;                // "template.yaml:12", where it was read from

  [[nodiscard]] static Node of_text(std::string text);
  [[nodiscard]] static Node of_integer(int64_t value);
  [[nodiscard]] static Node of_boolean(bool value);
  [[nodiscard]] static Node list();
  [[nodiscard]] static Node map();
  [[nodiscard]] static Node unknown(std::string source);

  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_map() const { return kind == NodeKind::kMap; }
  [[nodiscard]] bool is_list() const { return kind == NodeKind::kList; }
  [[nodiscard]] bool is_true() const { return kind == NodeKind::kBoolean && text == "true"; }

  // Of a map; nullptr when there is none of that name.
  [[nodiscard]] const Node* find(std::string_view name) const;
  [[nodiscard]] Node* find(std::string_view name);
  // Of a map: the text of a scalar, else empty.
  [[nodiscard]] std::string text_of(std::string_view name) const;
  // Adds or replaces a member of a map.
  Node& set(std::string name, Node value);
  void erase(std::string_view name);
};

struct NodeMember {
  std::string name;
  Node value;
};

// By value: places do not count, nor the order of a map's members. An unknown value equals none.
[[nodiscard]] bool operator==(const Node& left, const Node& right);
// Whether there is an unknown value in it.
[[nodiscard]] bool has_unknown(const Node& node);

void write_json(json::Writer& writer, const Node& node);
[[nodiscard]] std::string to_json(const Node& node);
[[nodiscard]] Node node_of(json::Element element);
[[nodiscard]] Node node_of(json::Object object);

// InvalidConfiguration "PLACE: PATH: text".
[[nodiscard]] Error fault(const Node& node, std::string_view path, std::string_view text);
// "Resources.Table.Properties", "TableName" → "Resources.Table.Properties.TableName"
[[nodiscard]] std::string joined(std::string_view path, std::string_view name);

}  // namespace millrace::cli::resources
