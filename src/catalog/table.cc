#include "catalog/table.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace millrace::catalog {
namespace {

constexpr std::array<std::string_view, 4> kStreamViewTypes = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                              "NEW_AND_OLD_IMAGES"};

}  // namespace

std::string_view stream_view_type_name(StreamViewType type) {
  return kStreamViewTypes.at(static_cast<size_t>(type));
}

std::optional<StreamViewType> stream_view_type_of_name(std::string_view name) {
  const auto* found = std::find(kStreamViewTypes.begin(), kStreamViewTypes.end(), name);
  if (found == kStreamViewTypes.end()) return std::nullopt;
  return static_cast<StreamViewType>(found - kStreamViewTypes.begin());
}

std::vector<std::string> KeySchema::attribute_names() const {
  std::vector<std::string> names = {partition_key.name};
  if (sort_key) names.push_back(sort_key->name);
  return names;
}

bool KeySchema::contains(std::string_view attribute_name) const {
  return partition_key.name == attribute_name || (sort_key && sort_key->name == attribute_name);
}

const Partition& Table::partition_of(uint64_t hash) const {
  MILLRACE_CHECK(!partitions.empty() && partitions.front().first_hash == 0);
  auto above = std::upper_bound(
      partitions.begin(), partitions.end(), hash,
      [](uint64_t wanted, const Partition& partition) { return wanted < partition.first_hash; });
  return *std::prev(above);
}

}  // namespace millrace::catalog
