#include "catalog/index.h"

#include <algorithm>
#include <array>

namespace millrace::catalog {
namespace {

constexpr std::array<std::string_view, 3> kProjectionTypes = {"ALL", "KEYS_ONLY", "INCLUDE"};

}  // namespace

std::string_view projection_type_name(ProjectionType type) {
  return kProjectionTypes.at(static_cast<size_t>(type));
}

std::optional<ProjectionType> projection_type_of_name(std::string_view name) {
  const auto* found = std::find(kProjectionTypes.begin(), kProjectionTypes.end(), name);
  if (found == kProjectionTypes.end()) return std::nullopt;
  return static_cast<ProjectionType>(found - kProjectionTypes.begin());
}

}  // namespace millrace::catalog
