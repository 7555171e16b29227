#include "expr/path.h"

#include <algorithm>

namespace millrace::expr {
namespace {

const AttributeValue* step_into(const AttributeValue& value, const PathStep& step) {
  if (step.is_index) {
    const auto* list = value.get_if<List>();
    return list != nullptr && step.index < list->size() ? &(*list)[step.index] : nullptr;
  }
  const auto* map = value.get_if<AttributeMap>();
  if (map == nullptr) return nullptr;
  const auto found = map->find(step.name);
  return found == map->end() ? nullptr : &found->second;
}

enum class Clash { kNone, kOverlap, kConflict };

Clash clash_of(const Path& left, const Path& right) {
  const size_t shared = std::min(left.size(), right.size());
  for (size_t i = 0; i < shared; ++i) {
    if (left[i].is_index != right[i].is_index) return Clash::kConflict;
    if (left[i] != right[i]) return Clash::kNone;
  }
  return Clash::kOverlap;
}

// Paths that clash have neighbours that clash in sorted order: a path comes right before those that
// begin with it, and below one parent all names come before all indexes.
bool any_clash(std::vector<Path> paths) {
  std::sort(paths.begin(), paths.end());
  return std::adjacent_find(paths.begin(), paths.end(), [](const Path& left, const Path& right) {
           return clash_of(left, right) != Clash::kNone;
         }) != paths.end();
}

std::string find_clash_of_kind(const std::vector<Path>& paths, Clash kind, std::string_view verb) {
  for (size_t second = 1; second < paths.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      if (clash_of(paths[first], paths[second]) != kind) continue;
      return "Two document paths " + std::string(verb) +
             " with each other; must remove or rewrite one of these paths; path one: " +
             to_string(paths[first]) + ", path two: " + to_string(paths[second]);
    }
  }
  return {};
}

}  // namespace

const AttributeValue* find(const Item& item, const Path& path) {
  const auto top = item.find(path.front().name);
  if (top == item.end()) return nullptr;
  const AttributeValue* value = &top->second;
  for (size_t i = 1; i < path.size() && value != nullptr; ++i) value = step_into(*value, path[i]);
  return value;
}

AttributeValue* find(Item& item, const Path& path) {
  return const_cast<AttributeValue*>(find(static_cast<const Item&>(item), path));
}

std::string to_string(const Path& path) {
  std::string text = "[";
  for (const PathStep& step : path) {
    if (text.size() > 1) text += ", ";
    text += step.is_index ? "[" + std::to_string(step.index) + "]" : step.name;
  }
  return text + "]";
}

std::string find_clash(const std::vector<Path>& paths) {
  if (!any_clash(paths)) return {};
  std::string overlap = find_clash_of_kind(paths, Clash::kOverlap, "overlap");
  return overlap.empty() ? find_clash_of_kind(paths, Clash::kConflict, "conflict") : overlap;
}

}  // namespace millrace::expr
