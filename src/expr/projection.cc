#include "expr/projection.h"

#include <algorithm>
#include <optional>
#include <span>

#include "expr/operand.h"
#include "expr/tokens.h"

namespace millrace::expr {
namespace {

constexpr std::string_view kParameter = "ProjectionExpression";

using Paths = std::span<const Path>;

// Sorted paths that agree up to `depth` in groups that agree in the step there too.
template <typename Visit>
void for_each_step(Paths paths, size_t depth, const Visit& visit) {
  while (!paths.empty()) {
    const PathStep& step = paths.front()[depth];
    size_t count = 1;
    while (count < paths.size() && paths[count][depth] == step) ++count;
    visit(step, paths.first(count));
    paths = paths.subspan(count);
  }
}

std::optional<AttributeValue> project(const AttributeValue& value, Paths paths, size_t depth);

AttributeMap project_map(const AttributeMap& map, Paths paths, size_t depth) {
  AttributeMap shown;
  for_each_step(paths, depth, [&](const PathStep& step, Paths below) {
    if (step.is_index) return;
    const auto found = map.find(step.name);
    if (found == map.end()) return;
    if (auto part = project(found->second, below, depth + 1)) {
      shown.emplace(step.name, std::move(*part));
    }
  });
  return shown;
}

List project_list(const List& list, Paths paths, size_t depth) {
  List shown;
  for_each_step(paths, depth, [&](const PathStep& step, Paths below) {
    if (!step.is_index || step.index >= list.size()) return;
    if (auto part = project(list[step.index], below, depth + 1)) shown.push_back(std::move(*part));
  });
  return shown;
}

// Nothing when no path leads anywhere.
std::optional<AttributeValue> project(const AttributeValue& value, Paths paths, size_t depth) {
  if (paths.front().size() == depth) return value;
  if (const auto* map = value.get_if<AttributeMap>()) {
    AttributeMap shown = project_map(*map, paths, depth);
    if (!shown.empty()) return AttributeValue(std::move(shown));
  }
  if (const auto* list = value.get_if<List>()) {
    List shown = project_list(*list, paths, depth);
    if (!shown.empty()) return AttributeValue(std::move(shown));
  }
  return std::nullopt;
}

}  // namespace

Result<Projection> Projection::parse(std::string_view text) {
  Tokens tokens = TRY(Tokens::of(text, kParameter, {}));
  Projection projection;
  do {
    projection.paths_.push_back(TRY(parse_path(tokens)));
  } while (tokens.accept_symbol(","));
  if (!tokens.at_end()) return tokens.unexpected();
  for (const Path& path : projection.paths_) {
    if (const Problem problem = unusable_name(path)) return tokens.error(*problem);
  }
  return projection;
}

Projection Projection::of_paths(std::vector<Path> paths) {
  Projection projection;
  projection.sorted_ = paths;
  projection.paths_ = std::move(paths);
  std::sort(projection.sorted_.begin(), projection.sorted_.end());
  return projection;
}

Projection Projection::of_columns(std::vector<Column> columns) {
  Projection projection;
  for (const Column& column : columns) projection.paths_.push_back(column.path);
  projection.columns_ = std::move(columns);
  return projection;
}

Result<Projection> Projection::bind(Placeholders& placeholders) const {
  std::vector<Path> paths = paths_;
  for (Path& path : paths) {
    if (const Problem problem = resolve_names(path, placeholders)) {
      return expression_error(kParameter, *problem);
    }
  }
  const std::string clash = find_clash(paths);
  if (!clash.empty()) return expression_error(kParameter, clash);
  return of_paths(std::move(paths));
}

Item Projection::apply(const Item& item) const {
  if (columns_.empty()) return project_map(item, sorted_, 0);
  Item shown;
  for (const Column& column : columns_) {
    const AttributeValue* value = find(item, column.path);
    if (value != nullptr) shown.insert_or_assign(column.name, *value);
  }
  return shown;
}

}  // namespace millrace::expr
