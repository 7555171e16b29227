#include "wire/query_input.h"

#include <charconv>
#include <map>

#include "json/writer.h"

namespace millrace::wire {
namespace {

using api::Shape;
using api::ShapeType;

// No shape of the services nests deeper: ContextEntries.member.1.ContextKeyValues.member.1.
constexpr int kSegmentsMax = 10;
constexpr size_t kNameBytesMax = 1024;

Error malformed(std::string message) {
  return {ErrorCode::kSerializationException, std::move(message)};
}

// What the names of the parameters, split at their dots, make.
struct Node {
  std::optional<std::string> text;
  std::map<std::string, Node, std::less<>> children;
};

Status add_parameter(Node& root, const QueryForm::Parameter& parameter) {
  if (parameter.name.size() > kNameBytesMax) return malformed("A parameter's name is too long");
  const std::string name = form_decode(parameter.name);
  Node* node = &root;
  int segments = 0;
  for (std::string_view rest = name;;) {
    if (++segments > kSegmentsMax) return malformed("A parameter nests too deeply: " + name);
    const size_t dot = rest.find('.');
    node = &node->children[std::string(rest.substr(0, dot))];
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (!node->text) node->text = form_decode(parameter.value);
  return Done{};
}

Status write(json::Writer& writer, const Shape& shape, const Node& node);

Status write_structure(json::Writer& writer, const Shape& shape, const Node& node) {
  if (node.text && node.children.empty()) {
    return malformed("Unexpected complex element termination");
  }
  writer.begin_object();
  for (const api::Member& member : shape.members) {
    const auto child = node.children.find(member.name);
    if (child == node.children.end()) continue;
    writer.key(member.name);
    if (auto status = write(writer, *member.shape, child->second); !status) return status;
  }
  writer.end_object();
  return Done{};
}

// The numbered nodes below "member" or "entry", in the order of their numbers, which may have gaps.
Result<std::map<uint32_t, const Node*>> numbered(const Node& node, std::string_view name) {
  std::map<uint32_t, const Node*> elements;
  // An empty list or map is sent as an empty text.
  if (node.children.empty() && (!node.text || node.text->empty())) return elements;
  const auto below = node.children.find(name);
  if (node.children.size() != 1 || below == node.children.end() || below->second.text) {
    return malformed("Unexpected list element termination");
  }
  for (const auto& [text, element] : below->second.children) {
    uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) {
      return malformed("'" + text + "' is not the number of an element");
    }
    elements.emplace(number, &element);
  }
  return elements;
}

Status write_list(json::Writer& writer, const Shape& shape, const Node& node) {
  const auto elements = TRY(numbered(node, "member"));
  writer.begin_array();
  for (const auto& [number, element] : elements) {
    if (auto status = write(writer, *shape.element, *element); !status) return status;
  }
  writer.end_array();
  return Done{};
}

Status write_map(json::Writer& writer, const Shape& shape, const Node& node) {
  const auto entries = TRY(numbered(node, "entry"));
  writer.begin_object();
  for (const auto& [number, entry] : entries) {
    const auto key = entry->children.find("key");
    const auto value = entry->children.find("value");
    if (key == entry->children.end() || value == entry->children.end() || !key->second.text) {
      return malformed("An entry of a map has a key and a value");
    }
    writer.key(*key->second.text);
    if (auto status = write(writer, *shape.element, value->second); !status) return status;
  }
  writer.end_object();
  return Done{};
}

Status write_scalar(json::Writer& writer, const Shape& shape, const std::string& text) {
  switch (shape.type) {
    case ShapeType::kInteger:
    case ShapeType::kLong: {
      int64_t number = 0;
      const char* end = text.data() + text.size();
      const auto read = std::from_chars(text.data(), end, number);
      if (read.ec != std::errc() || read.ptr != end) {
        return malformed("'" + text + "' is not an integer");
      }
      writer.integer(number);
      return Done{};
    }
    case ShapeType::kBoolean:
      if (text != "true" && text != "false") return malformed("'" + text + "' is not a boolean");
      writer.boolean(text == "true");
      return Done{};
    default:
      writer.string(text);
      return Done{};
  }
}

Status write(json::Writer& writer, const Shape& shape, const Node& node) {
  switch (shape.type) {
    case ShapeType::kStructure:
      return write_structure(writer, shape, node);
    case ShapeType::kList:
      return write_list(writer, shape, node);
    case ShapeType::kMap:
      return write_map(writer, shape, node);
    default:
      if (!node.text || !node.children.empty()) return malformed("Unexpected complex element");
      return write_scalar(writer, shape, *node.text);
  }
}

}  // namespace

Result<std::string> query_input(const Shape& shape, const QueryForm& form) {
  Node root;
  for (const QueryForm::Parameter& parameter : form.parameters()) {
    if (auto status = add_parameter(root, parameter); !status) return std::move(status).error();
  }
  std::string input;
  json::Writer writer(input);
  root.text.reset();
  if (auto status = write_structure(writer, shape, root); !status) return std::move(status).error();
  return input;
}

}  // namespace millrace::wire
