#include "model/attribute_value.h"

#include <algorithm>
#include <array>

namespace millrace {
namespace {

constexpr std::array<std::string_view, 10> kTypeNames = {"S", "N", "B",  "BOOL", "NULL",
                                                         "L", "M", "SS", "NS",   "BS"};
static_assert(kTypeNames.size() == std::variant_size_v<AttributeValue::Variant>);

}  // namespace

std::string_view attribute_type_name(AttributeType type) {
  return kTypeNames.at(static_cast<size_t>(type));
}

std::optional<AttributeType> attribute_type_of_name(std::string_view name) {
  const auto* found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<AttributeType>(found - kTypeNames.begin());
}

}  // namespace millrace
