#include "triggers/mapping.h"

#include <array>
#include <utility>

namespace millrace::triggers {
namespace {

constexpr std::array<std::string_view, 7> kStateNames = {
    "Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"};
constexpr std::array<std::string_view, 2> kPositionNames = {"TRIM_HORIZON", "LATEST"};

// The enumerator whose name is at that place.
template <typename Enumeration, size_t kCount>
std::optional<Enumeration> of_name(const std::array<std::string_view, kCount>& names,
                                   std::string_view name) {
  for (size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<Enumeration>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view mapping_state_name(MappingState state) {
  return kStateNames.at(static_cast<size_t>(state));
}

std::optional<MappingState> mapping_state_of_name(std::string_view name) {
  return of_name<MappingState>(kStateNames, name);
}

std::string_view starting_position_name(StartingPosition position) {
  return kPositionNames.at(static_cast<size_t>(position));
}

std::optional<StartingPosition> starting_position_of_name(std::string_view name) {
  return of_name<StartingPosition>(kPositionNames, name);
}

}  // namespace millrace::triggers
