// Document paths: `a.b[3].#c`.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "model/attribute_value.h"

namespace millrace::expr {

// A step of a document path: an attribute's name, or an index into a list.
struct PathStep {
  bool is_index = false;
  size_t index = 0;
  std::string name;

  static PathStep of_name(std::string name) { return {false, 0, std::move(name)}; }
  static PathStep of_index(size_t index) { return {true, index, {}}; }

  friend auto operator<=>(const PathStep&, const PathStep&) = default;
};
// Never empty; the first step is a name. A name that came from a placeholder is one step, whatever
// characters it holds. Paths order lexicographically, list indexes numerically.
using Path = std::vector<PathStep>;

// The value at `path`, or nullptr.
[[nodiscard]] const AttributeValue* find(const Item& item, const Path& path);
[[nodiscard]] AttributeValue* find(Item& item, const Path& path);

// As messages show it: "[a, b, [3]]".
[[nodiscard]] std::string to_string(const Path& path);

// What is wrong with naming all of `paths` in one expression: two that overlap, or that use one
// attribute both as a map and as a list. Empty when nothing is.
[[nodiscard]] std::string find_clash(const std::vector<Path>& paths);

}  // namespace millrace::expr
