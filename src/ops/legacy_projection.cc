#include "ops/legacy_projection.h"

#include <set>

namespace millrace::ops {

Result<std::optional<expr::Projection>> read_attributes_to_get(json::Object input) {
  json::Array names;
  auto member = json::member(input, "AttributesToGet");
  if (!member || member->get(names) != simdjson::SUCCESS) return std::optional<expr::Projection>();
  std::set<std::string_view> seen;
  std::vector<expr::Path> paths;
  for (json::Element element : names) {
    std::string_view name;
    if (element.get(name) != simdjson::SUCCESS) continue;
    if (!seen.insert(name).second) {
      return validation_error(
          "One or more parameter values were invalid: Duplicate value in attribute name: " +
          std::string(name));
    }
    paths.push_back({expr::PathStep::of_name(std::string(name))});
  }
  return std::optional(expr::Projection::of_paths(std::move(paths)));
}

}  // namespace millrace::ops
