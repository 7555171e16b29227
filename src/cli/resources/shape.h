// What properties a resource type takes, as data, and their check.
#pragma once

#include <span>
#include <string_view>

#include "cli/resources/node.h"

namespace millrace::cli::resources {

enum class ShapeKind {
  kText,
  kInteger,
  kBoolean,
  kDocument,  // anything
  kList,      // of `element`
  kMap,       // of any names to `element`
  kStructure,
};

struct Property;

struct Shape {
  ShapeKind kind;
  const Shape* element = nullptr;
  std::span<const Property> properties = {};
};

enum class Need { kOptional, kRequired };

struct Property {
  std::string_view name;
  // nullptr: the property is known, and this server has nothing like it, so that it is refused.
  const Shape* shape;
  Need need = Need::kOptional;
};

inline constexpr Shape kText = {ShapeKind::kText};
inline constexpr Shape kInteger = {ShapeKind::kInteger};
inline constexpr Shape kBoolean = {ShapeKind::kBoolean};
inline constexpr Shape kDocument = {ShapeKind::kDocument};
inline constexpr Shape kTexts = {ShapeKind::kList, &kText};
inline constexpr Shape kTextMap = {ShapeKind::kMap, &kText};

[[nodiscard]] constexpr Shape structure(std::span<const Property> properties) {
  return {ShapeKind::kStructure, nullptr, properties};
}
[[nodiscard]] constexpr Shape list_of(const Shape& element) {
  return {ShapeKind::kList, &element};
}

// The node with its scalars in the types of the shape: templates write 5, "5" and true as they
// like. InvalidConfiguration, naming place and path, for another type, a property that the shape
// does not have, and one that is missing.
[[nodiscard]] Result<Node> shaped(const Node& node, const Shape& shape, const std::string& path);

// [{Key, Value}] as a map; a key that is there twice is a fault.
[[nodiscard]] Result<Node> tags_as_map(const Node& tags, const std::string& path);
// Of the tags that are there those that a declaration decides on: not those of Millrace's own
// (millrace:…) and of AWS's that it does not name.
[[nodiscard]] Node owned_tags(const Node& current, const Node& wanted);
// As [{Key, Value}].
[[nodiscard]] Node tags_as_list(const Node& map);
inline constexpr Property kTagProperties[] = {{"Key", &kText, Need::kRequired},
                                              {"Value", &kText, Need::kRequired}};
inline constexpr Shape kTag = structure(kTagProperties);
inline constexpr Shape kTags = list_of(kTag);

}  // namespace millrace::cli::resources
