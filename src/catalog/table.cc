#include "catalog/table.h"

#include <algorithm>
#include <array>
#include <limits>

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

const Partition& Table::partition_of(uint64_t hash) const {
  MILLRACE_CHECK(!partitions.empty() && partitions.front().first_hash == 0);
  auto above = std::upper_bound(
      partitions.begin(), partitions.end(), hash,
      [](uint64_t wanted, const Partition& partition) { return wanted < partition.first_hash; });
  return *std::prev(above);
}

uint64_t Table::last_hash_of(size_t index) const {
  return index + 1 < partitions.size() ? partitions[index + 1].first_hash - 1
                                       : std::numeric_limits<uint64_t>::max();
}

const Index* Table::find_index(std::string_view index_name) const {
  auto found = std::find_if(indexes.begin(), indexes.end(),
                            [&](const Index& index) { return index.name == index_name; });
  return found == indexes.end() ? nullptr : &*found;
}

bool Table::has_local_indexes() const {
  return !indexes.empty() && !indexes.front().global;
}

}  // namespace millrace::catalog
